import { consentOption } from "@connect/core";

export const choices = [
  { value: "north", label: "North" },
  { value: "south", label: "South" },
] as const;

/** What a person chooses on the consent screen, and what their tokens then say. */
export const workspace = consentOption("urn:example:workspace", { label: "Workspace", choices });

export type Workspace = (typeof choices)[number]["value"];
