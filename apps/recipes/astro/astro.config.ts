import node from "@astrojs/node";
import { defineConfig } from "astro/config";

export default defineConfig({
  output: "server",
  adapter: node({ mode: "standalone" }),
  // Astro refuses forms from other origins, and trusts the Host header for these names alone.
  security: { allowedDomains: [{ hostname: "notes.example.com" }, { hostname: "localhost" }] },
});
