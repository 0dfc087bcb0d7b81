import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { untilAnswering } from "../../../scripts/answering.mjs";

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(listener: RequestListener, port = 0, host = "127.0.0.1"): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return (server.address() as AddressInfo).port;
}

/** A port that refuses, until somebody listens there. */
async function findFreePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const forEver = new AbortController().signal;

describe("what npm start says is running", () => {
  it.each([200, 303, 401, 405, 500])("answers, be it with %s", async (status) => {
    const port = await listen((_, response) => response.writeHead(status).end());
    await untilAnswering(`http://localhost:${port}/`, forEver);
  });

  it("is not yet what takes connections and answers none", async () => {
    let answer = () => {};
    let isReady = false;
    const asked = new Promise<void>((resolve) => {
      servers.push(
        createServer((_, response) => {
          answer = () => void response.end();
          resolve();
        }),
      );
    });
    const server = servers[0] as Server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const ready = untilAnswering(`http://localhost:${port}/`, forEver).then(() => {
      isReady = true;
    });
    await asked;
    expect(isReady).toBe(false);
    answer();
    await ready;
  });

  it("is waited for while it refuses, and where it hangs up", async () => {
    const port = await findFreePort();
    const ready = untilAnswering(`http://localhost:${port}/`, forEver);
    let asked = 0;
    await listen((request, response) => {
      asked += 1;
      if (asked < 3) request.socket.destroy();
      else response.end();
    }, port);
    await ready;
    expect(asked).toBe(3);
  });

  it("is waited for no more when all of it is to stop", async () => {
    const stopping = new AbortController();
    const waiting = [
      untilAnswering(`http://localhost:${await findFreePort()}/`, stopping.signal),
      untilAnswering(`http://localhost:${await listen(() => stopping.abort())}/`, stopping.signal),
    ];
    await Promise.all(waiting);
  });
});
