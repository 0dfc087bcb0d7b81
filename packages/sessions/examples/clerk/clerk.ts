import { createClerkClient } from "@clerk/backend";
import { clerkApi, instance } from "../../test/support/clerk.js";

export const clerkClient = createClerkClient({
  ...instance,
  apiUrl: clerkApi.url,
  telemetry: { disabled: true },
});
