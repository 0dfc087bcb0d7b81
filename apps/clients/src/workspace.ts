import { consentOption } from "@connect/core";

/** What a person chooses on the consent screen, and what their tokens then say. */
export const workspace = consentOption("urn:example:workspace", {
  label: "Workspace",
  choices: [
    { value: "north", label: "North" },
    { value: "south", label: "South" },
  ],
});
