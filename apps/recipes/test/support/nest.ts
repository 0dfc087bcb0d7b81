import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { INestApplication } from "@nestjs/common";
import type { Environment, Running } from "./story.js";

/** Runs an application of Nest's in this process, at a free port. */
export async function startNest(
  env: Environment,
  load: () => Promise<{ readonly app: INestApplication<Server> }>,
): Promise<Running> {
  Object.assign(process.env, env, { PORT: "0" });
  const { app } = await load();
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { url: `http://localhost:${port}`, close: () => app.close() };
}
