export { type IoredisClient, type NodeRedisClient, redisStore } from "./redis-store.js";
export { type Unstorage, unstorageStore } from "./unstorage-store.js";
