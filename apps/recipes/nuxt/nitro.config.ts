import { defineNitroConfig } from "nitropack/config";

export default defineNitroConfig({ srcDir: "server", imports: false, compatibilityDate: "2026-03-01" });
