import type { Target } from "../target.js";
import { bearer } from "./bearer.js";
import { claims } from "./claims.js";
import { completion } from "./completion.js";
import { keys } from "./keys.js";
import { location } from "./location.js";
import { loginUri } from "./login-uri.js";
import { token } from "./token.js";

export const targets: readonly Target[] = [token, claims, bearer, keys, loginUri, location, completion];
