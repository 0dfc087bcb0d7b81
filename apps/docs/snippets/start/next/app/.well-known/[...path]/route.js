// app/.well-known/[...path]/route.js, of Next.js
import { resourceRoute } from "@connect/next";
import { resource } from "../../../resource.js";

export const { GET, HEAD, OPTIONS } = resourceRoute(resource);
