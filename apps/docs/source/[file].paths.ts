import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { linkedFiles, root } from "../.vitepress/site/pages.js";

const LANGUAGES: Record<string, string> = { ".ts": "ts", ".json": "json", ".yml": "yaml", ".md": "md" };

export default {
  paths: () =>
    linkedFiles().map((file) => ({
      params: { file },
      content: `\`\`\`\`${LANGUAGES[extname(file)] ?? "txt"}\n${readFileSync(join(root, file), "utf8")}\n\`\`\`\`\n`,
    })),
};
