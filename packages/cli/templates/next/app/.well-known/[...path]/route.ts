import { resourceRoute } from "@connect/next";
import { resource } from "../../../connect";

export const { GET, HEAD, OPTIONS } = resourceRoute(resource);
