import { resourceRoute } from "@connect/next";
import { resource } from "../../../resource.js";

export const { GET, HEAD, OPTIONS } = resourceRoute(resource);
