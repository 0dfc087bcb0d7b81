import { resourceRoute } from "@connect/next";
import { application } from "../../../application";

export const { GET, HEAD, OPTIONS } = resourceRoute(application.resource);
