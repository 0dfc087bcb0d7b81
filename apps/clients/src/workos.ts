// The official SDK in a process of its own, since it needs a newer Node than the rest.
import { AutoPaginatable, WorkOS } from "@workos-inc/node";
import { answerParent } from "./child.js";
import type { Call } from "./workos-process.js";

const { hostname, port } = new URL(String(process.env.AUTHKIT_URL));
// The key it takes from the environment by itself.
const workos = new WorkOS({ apiHostname: hostname, port: Number(port), https: false });

answerParent(
  async (asked) => {
    const { module, method, args } = asked as Call;
    const target = workos[module] as unknown as Record<string, (...args: unknown[]) => unknown>;
    const result = await target[method]?.(...args);
    return result instanceof AutoPaginatable ? flatten(result) : result;
  },
  (error) => {
    const { name, status, code, rawData } = Object(error);
    // Of a code it has no class for, it carries the body along.
    return { name, status, code: code ?? rawData?.code };
  },
);

/** What of a list can be sent: functions can't. */
async function flatten(list: AutoPaginatable<unknown>) {
  return { data: list.data, listMetadata: list.listMetadata, all: await list.autoPagination() };
}
