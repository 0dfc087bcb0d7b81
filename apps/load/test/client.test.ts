import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Client } from "../src/client.js";
import type { Answer } from "../src/traffic.js";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function outcomesOf(listener: RequestListener): Promise<readonly (Answer | string)[]> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const client = new Client((server.address() as AddressInfo).port);
  closers.push(() => {
    client.close();
    server.close();
  });
  const outcomes: (Answer | string)[] = [];
  await new Promise<void>((resolve) =>
    client.send({ path: "/a?b=c", headers: { "x-one": "1" } }, (outcome) => {
      outcomes.push(outcome);
      resolve();
    }),
  );
  // A second request, so that whatever else the first one brought has come.
  await new Promise<void>((resolve) => client.send({ path: "/", headers: {} }, () => resolve()));
  return outcomes;
}

describe("the client", () => {
  it("gives an answer as it came", async () => {
    const outcomes = await outcomesOf((request, response) => {
      response.writeHead(201, { "x-two": "2" }).end(`${request.url} ${request.headers["x-one"]}`);
    });
    expect(outcomes).toMatchObject([{ status: 201, headers: { "x-two": "2" }, body: "/a?b=c 1" }]);
  });

  it.each<[string, RequestListener]>([
    ["before the answer", (request) => request.socket.destroy()],
    ["within the answer", (request, response) => response.write("half", () => request.socket.destroy())],
  ])("says once that the connection broke off, %s", async (_, listener) => {
    expect(await outcomesOf(listener)).toEqual(["ECONNRESET"]);
  });
});
