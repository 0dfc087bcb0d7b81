import { resourceRoute } from "@connect/core/web";
import { defineEventHandler, toWebRequest } from "h3";
import { resource } from "../../../utils/connect.js";

const published = resourceRoute(resource);

export default defineEventHandler((event) => published(toWebRequest(event)));
