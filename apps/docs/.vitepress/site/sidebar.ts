import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DefaultTheme } from "vitepress";
import { pageFiles, root, toAddress } from "./pages.js";

type Item = DefaultTheme.SidebarItem;

/** All pages, in the order in which somebody new may want them. */
export const sidebar: Item[] = [
  {
    text: "Start",
    items: [
      page("README.md", "Introduction"),
      page("docs/start/be-the-login.md", "Be the login"),
      page("docs/start/verify-tokens.md", "Verify tokens"),
      page("docs/start/mcp-server.md", "An MCP server"),
      page("docs/what-authkit-does.md", "Who does what, and the words"),
      page("docs/agents.md", "With a coding assistant"),
    ],
  },
  {
    text: "How to",
    items: [
      page("docs/how-to/go-live.md", "Going live"),
      page("docs/how-to/sessions.md", "Sessions of auth libraries"),
      page("docs/how-to/ask-first.md", "Ask first"),
      page("docs/how-to/lost-ways-back.md", "Lost ways back"),
      page("docs/how-to/several-processes.md", "Several processes"),
      page("docs/how-to/consent-options.md", "Consent options"),
      page("docs/how-to/connected-apps.md", "Connected apps"),
      page("docs/how-to/end-access.md", "End access"),
      page("docs/how-to/test.md", "Test"),
    ],
  },
  {
    text: "Reference",
    items: [
      page("docs/reference/errors.md", "Errors"),
      page("docs/events.md", "Events"),
      { text: "Types and functions", collapsed: true, items: titled(/^apps\/docs\/api\/@/) },
    ],
  },
  {
    text: "Security",
    items: [page("docs/security.md", "Threats and defences"), page("SECURITY.md", "Reporting a hole")],
  },
  { text: "Packages", items: titled(/^packages\//) },
  { text: "Examples", collapsed: true, items: titled(/^apps\/(?!docs).+README/) },
  {
    text: "AuthKit",
    items: [
      page("docs/authkit.md", "Known, assumed, open questions"),
      page("docs/clients.md", "How MCP clients connect"),
      page("docs/comparison.md", "Beside the alternatives"),
    ],
  },
  {
    text: "What was measured",
    items: [
      page("docs/runtimes.md", "Runtimes"),
      page("docs/walk.md", "A newcomer's walk"),
      page("docs/reliability.md", "Reliability"),
      page("docs/benchmarks/README.md", "Benchmarks"),
      page("docs/load/README.md", "Under load"),
      page("docs/mutation.md", "Mutation testing"),
    ],
  },
  {
    text: "The project",
    collapsed: true,
    items: [
      page("docs/architecture.md", "Architecture"),
      { text: "Decisions", collapsed: true, items: titled(/^docs\/decisions\/\d/) },
      page("CONTRIBUTING.md", "Contributing"),
      page("apps/docs/README.md", "This site"),
      page("CODE_OF_CONDUCT.md", "Code of conduct"),
      page("CHANGELOG.md", "Changes"),
    ],
  },
];

function page(file: string, text: string): Item {
  const link = toAddress(file);
  if (link === null) throw new Error(`${file} is no page`);
  return { text, link };
}

/** Pages by what they call themselves. */
function titled(pattern: RegExp): Item[] {
  return pageFiles()
    .filter((file) => pattern.test(file))
    .map((file) => page(file, /^# (.+)$/m.exec(readFileSync(join(root, file), "utf8"))?.[1] ?? file));
}
