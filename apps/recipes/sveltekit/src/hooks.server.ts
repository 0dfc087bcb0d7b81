import { resourceRoute } from "@connect/core/web";
import type { Handle } from "@sveltejs/kit";
import { resource } from "$lib/server/connect";

const published = resourceRoute(resource);

export const handle: Handle = async ({ event, resolve }) =>
  (await published(event.request)) ?? resolve(event);
