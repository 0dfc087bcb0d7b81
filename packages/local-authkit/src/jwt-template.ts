import type { User } from "./users.js";

/** Claims that a JWT template may not set (AuthKit: JWT templates). */
export const RESERVED_IN_TEMPLATES = ["iss", "sub", "exp", "iat", "nbf", "jti"];

/** Bytes of the rendered template, as JSON (AuthKit: JWT templates). */
export const MAX_RENDERED_BYTES = 3072;

const EXPRESSION = /\{\{([^{}]*)\}\}/g;
const OPERAND =
  /^(?:user\.(id|external_id|email|first_name|last_name)|user\.metadata\.([^\s|'"]+)|'([^']*)'|"([^"]*)")$/;

/** What cannot be used of a template: the claim, and what is wrong in words that hold no value. */
export function faultsOf(template: Record<string, unknown>): { claim: string; message: string }[] {
  return Object.entries(template).flatMap(([claim, value]) => {
    const message = RESERVED_IN_TEMPLATES.includes(claim) ? "is a reserved claim" : faultOf(value);
    return message === undefined ? [] : [{ claim, message }];
  });
}

function faultOf(value: unknown): string | undefined {
  if (typeof value === "string") {
    const isKnown = value.split(EXPRESSION).every((part, index) =>
      // Every second part is what stands between the braces.
      index % 2 === 0
        ? !/\{\{|\}\}|\{%|%\}/.test(part)
        : operandsOf(part).every((operand) => OPERAND.test(operand)),
    );
    return isKnown ? undefined : "holds an expression that is not known here";
  }
  if (value === null || typeof value === "boolean" || Number.isFinite(value)) return undefined;
  if (typeof value !== "object") return "must be JSON";
  for (const member of Object.values(value)) {
    const fault = faultOf(member);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/**
 * The claims of a user by a template without faults (AuthKit: JWT templates). A member whose value is null or missing
 * is left out; within a longer text it is empty.
 */
export function renderTemplate(template: Record<string, unknown>, user: User): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(template)
      .map(([claim, value]): [string, unknown] => [claim, render(value, user)])
      .filter(([, value]) => value !== null),
  );
}

function render(value: unknown, user: User): unknown {
  if (typeof value === "string") {
    const whole = /^\{\{([^{}]*)\}\}$/.exec(value)?.[1];
    if (whole !== undefined) return evaluate(whole, user);
    return value.replace(EXPRESSION, (_text, expression: string) => evaluate(expression, user) ?? "");
  }
  if (Array.isArray(value)) return value.map((member) => render(member, user));
  if (typeof value === "object" && value !== null) return renderTemplate({ ...value }, user);
  return value;
}

/** The first operand that has a value. */
function evaluate(expression: string, user: User): string | null {
  for (const operand of operandsOf(expression)) {
    const [, name, key, ...texts] = OPERAND.exec(operand) ?? [];
    const value = name
      ? memberOf(user, name)
      : key
        ? metadataOf(user, key)
        : texts.find((text) => text !== undefined);
    if (value !== undefined) return value;
  }
  return null;
}

function operandsOf(expression: string): string[] {
  return expression.split("||").map((operand) => operand.trim());
}

function memberOf(user: User, name: string): string | undefined {
  switch (name) {
    case "id":
      return user.id;
    case "external_id":
      return user.externalId;
    case "email":
      return user.email;
    case "first_name":
      return user.firstName;
    default:
      return user.lastName;
  }
}

function metadataOf(user: User, key: string): string | undefined {
  return Object.hasOwn(user.metadata, key) ? user.metadata[key] : undefined;
}
