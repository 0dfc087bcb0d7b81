import { Miniflare } from "miniflare";
import { createStorage } from "unstorage";
import cloudflareKv from "unstorage/drivers/cloudflare-kv-binding";
import { unstorageStore } from "../src/index.js";
import { describeStore } from "./contract.js";

describeStore("Cloudflare KV by unstorage", async () => {
  const miniflare = new Miniflare({
    modules: true,
    script: "export default {}",
    kvNamespaces: ["KV"],
    cf: false,
  });
  // The driver wants the type of Cloudflare's, of which miniflare has its own edition.
  const binding = (await miniflare.getKVNamespace("KV")) as never;
  const store = () => unstorageStore(createStorage({ driver: cloudflareKv({ binding }) }));
  return { store: store(), other: store(), close: () => miniflare.dispose() };
});
