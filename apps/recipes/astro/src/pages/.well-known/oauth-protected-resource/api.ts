import { resourceRoute } from "@connect/core/web";
import type { APIRoute } from "astro";
import { resource } from "../../../lib/connect.js";

const published = resourceRoute(resource);

export const ALL: APIRoute = async ({ request }) =>
  (await published(request)) ?? new Response("Not found", { status: 404 });
