import { memoryStore } from "@connect/core";
import { createStorage, prefixStorage } from "unstorage";
import { unstorageStore } from "../src/index.js";
import { describeAtomicStore, describeStore } from "./contract.js";

describeAtomicStore("The memory store", async () => {
  const store = memoryStore();
  return { store, other: store, close: () => {} };
});

describeStore("Memory by unstorage, with a prefix", async () => {
  const storage = createStorage();
  const store = () => unstorageStore(prefixStorage(storage, "app"));
  return { store: store(), other: store(), close: () => storage.dispose() };
});
