import { resourceRoute } from "@connect/core/web";
import { resource } from "../connect.server.js";

const published = resourceRoute(resource);

export const loader = async ({ request }: { request: Request }) =>
  (await published(request)) ?? new Response("Not found", { status: 404 });
