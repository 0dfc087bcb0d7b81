// Another process of the same application, with the packages as they are published: does what it is told, on the Redis
// that it was given.
import { createDenyList } from "@connect/core";
import { redisStore } from "@connect/store";
import { createClient } from "redis";

const client = createClient({ socket: { path: process.argv[2] } });
await client.connect();
const store = redisStore(client);
const denyList = createDenyList({ store });
const parts = { store, denyList };

process.on("message", async ({ id, part, method, parameters }) => {
  process.send({ id, result: await parts[part][method](...parameters) });
});
process.on("disconnect", () => client.destroy());
process.send("ready");
