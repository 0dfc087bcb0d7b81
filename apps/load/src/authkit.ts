// AuthKit in a process of its own: it publishes keys and takes completions. The tokens are signed elsewhere, because
// signing would make completions wait.
import { startIssuer } from "bench";
import type { AuthKitView } from "./authkit-process.js";
import { startCompletions } from "./completions.js";

const { seed } = await startIssuer();
const { url: apiUrl } = await startCompletions(seed.view.url);
process.send?.({ seed, apiUrl } satisfies AuthKitView);
process.once("disconnect", () => process.exit());
