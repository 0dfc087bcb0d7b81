import type * as v from "valibot";

/**
 * What is wrong and where, for people: `user.email is missing`, `userConsentOptions[0].label must not be empty`. Names
 * places and never values. `path` is the issue's own, or as much of it as may be told.
 */
export function describeFault(issue: v.BaseIssue<unknown>, path: readonly unknown[]): string {
  const isObject = issue.type === "object" || issue.type === "strict_object";
  // A field too many has a name of the application's, so the object around it is named in its place.
  if (isObject && issue.expected === "never") return `${formatPath(path.slice(0, -1))} ${issue.message}`;
  // A field that is missing has, in valibot, its own path and the message of the object around it.
  const isMissing = isObject && issue.expected !== "Object";
  return `${formatPath(path)} ${isMissing ? "is missing" : issue.message}`;
}

function formatPath(path: readonly unknown[]): string {
  const steps = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`));
  return steps.join("").replace(/^\./, "") || "completion";
}
