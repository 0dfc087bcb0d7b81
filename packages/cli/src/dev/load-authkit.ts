import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CommandFailure } from "../failure.js";

type LocalAuthKitModule = typeof import("@connect/local-authkit");

/**
 * The local AuthKit is an optional peer: it brings an authorization server, a database with prebuilt binaries and a client
 * of Redis's, which a check in a pipeline or on a server has no use for. The application's own copy goes first.
 */
export async function loadLocalAuthKit(folder: string): Promise<LocalAuthKitModule> {
  try {
    return await import(findFrom(folder) ?? "@connect/local-authkit");
  } catch (error) {
    if (Object(error).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new CommandFailure(
      "dev needs the local AuthKit, which is not installed: npm install --save-dev @connect/local-authkit",
    );
  }
}

function findFrom(folder: string): string | undefined {
  try {
    return pathToFileURL(createRequire(join(folder, "package.json")).resolve("@connect/local-authkit")).href;
  } catch {
    return undefined;
  }
}
