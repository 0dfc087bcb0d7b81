import type * as v from "valibot";

/** What is wrong with a value, in words that do not hold it. To be given to valibot as `message`. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === "never") return "is not an option";
  return issue.kind === "schema" ? `must be ${issue.expected}` : "is out of range";
}

/** The member at fault, as one would write it: `clients[0].name`. `whole` names the value itself. */
export function pathOf(issue: v.BaseIssue<unknown>, whole: string): string {
  let path = "";
  for (const { key } of issue.path ?? []) {
    path += typeof key === "number" ? `[${key}]` : path ? `.${String(key)}` : String(key);
  }
  return path || whole;
}
