import { describe, expect, it } from "vitest";
import type { UserConsentOption } from "../src/index.js";
import { ADA, createAuthkit } from "./support/authkit.js";
import { caught, everythingSaidBy } from "./support/errors.js";

/** Part of every bad value below; must not turn up in an error. */
const SECRET = "s3cr3t";

const CHOICE = { value: "prod", label: "Production" };
const OPTION = { claim: "urn:example:tenant", label: "Workspace", choices: [CHOICE] };
const LONG = SECRET.padEnd(1025);

const withChoices = (choices: unknown) => [{ ...OPTION, choices }];

describe("user consent options that AuthKit would refuse", () => {
  it.each<[what: string, options: unknown, reason: string]>([
    ["null", null, "userConsentOptions must be a list"],
    ["a string", SECRET, "userConsentOptions must be a list"],
    ["one option without a list", OPTION, "userConsentOptions must be a list"],
    ["null for an option", [null], "userConsentOptions[0] must be an object"],
    ["a string for an option", [OPTION, SECRET], "userConsentOptions[1] must be an object"],
    ["no claim", [{ ...OPTION, claim: undefined }], "userConsentOptions[0].claim must be a string"],
    ["an empty option", [{}], "userConsentOptions[0].claim is missing"],
    ["an empty claim", [{ ...OPTION, claim: "" }], "userConsentOptions[0].claim must not be empty"],
    [
      "an object for a claim",
      [{ ...OPTION, claim: { SECRET } }],
      "userConsentOptions[0].claim must be a string",
    ],
    ["a long claim", [{ ...OPTION, claim: LONG }], "userConsentOptions[0].claim is too long"],
    ["another type", [{ ...OPTION, type: SECRET }], 'userConsentOptions[0].type must be "enum"'],
    ["an empty label", [{ ...OPTION, label: "" }], "userConsentOptions[0].label must not be empty"],
    ["a number for a label", [{ ...OPTION, label: 5 }], "userConsentOptions[0].label must be a string"],
    ["a long label", [{ ...OPTION, label: LONG }], "userConsentOptions[0].label is too long"],
    ["no choices", [{ claim: "a", label: SECRET }], "userConsentOptions[0].choices is missing"],
    ["a string for choices", withChoices(SECRET), "userConsentOptions[0].choices must be a list"],
    ["an empty list of choices", withChoices([]), "userConsentOptions[0].choices must not be empty"],
    ["null for a choice", withChoices([null]), "userConsentOptions[0].choices[0] must be { value, label }"],
    [
      "a string for a choice",
      withChoices([CHOICE, SECRET]),
      "userConsentOptions[0].choices[1] must be { value, label }",
    ],
    ["no value", withChoices([{ label: SECRET }]), "userConsentOptions[0].choices[0].value is missing"],
    [
      "an empty value",
      withChoices([{ ...CHOICE, value: "" }]),
      "userConsentOptions[0].choices[0].value must not be empty",
    ],
    [
      "a number for a value",
      withChoices([{ ...CHOICE, value: 5 }]),
      "userConsentOptions[0].choices[0].value must be a string",
    ],
    [
      "a long value",
      withChoices([{ ...CHOICE, value: LONG }]),
      "userConsentOptions[0].choices[0].value is too long",
    ],
    [
      "an empty label of a choice",
      withChoices([CHOICE, { value: SECRET, label: "" }]),
      "userConsentOptions[0].choices[1].label must not be empty",
    ],
    [
      "no label of a choice",
      withChoices([{ value: SECRET }]),
      "userConsentOptions[0].choices[0].label is missing",
    ],
    [
      "one field too many",
      withChoices([{ ...CHOICE, [SECRET]: SECRET }]),
      "userConsentOptions[0].choices[0] must be { value, label }",
    ],
    [
      "a group after a choice",
      withChoices([CHOICE, { group: SECRET, choices: [CHOICE] }]),
      "userConsentOptions[0].choices[1].value is missing",
    ],
    [
      "a choice after a group",
      withChoices([
        { group: SECRET, choices: [CHOICE] },
        { value: SECRET, label: SECRET },
      ]),
      "userConsentOptions[0].choices[1].group is missing",
    ],
    [
      "an empty group name",
      withChoices([{ group: "", choices: [CHOICE] }]),
      "userConsentOptions[0].choices[0].group must not be empty",
    ],
    [
      "a number for a group name",
      withChoices([{ group: 5, choices: [CHOICE] }]),
      "userConsentOptions[0].choices[0].group must be a string",
    ],
    [
      "a group without choices",
      withChoices([{ group: SECRET }]),
      "userConsentOptions[0].choices[0].choices is missing",
    ],
    [
      "a group with an empty list",
      withChoices([{ group: SECRET, choices: [] }]),
      "userConsentOptions[0].choices[0].choices must not be empty",
    ],
    [
      "a group in a group",
      withChoices([{ group: SECRET, choices: [{ group: SECRET, choices: [CHOICE] }] }]),
      "userConsentOptions[0].choices[0].choices[0].value is missing",
    ],
    [
      "a fault inside the second group",
      withChoices([
        { group: SECRET, choices: [CHOICE] },
        {
          group: SECRET,
          choices: [
            { value: "a", label: "a" },
            { value: SECRET, label: "" },
          ],
        },
      ]),
      "userConsentOptions[0].choices[1].choices[1].label must not be empty",
    ],
    [
      "one value twice",
      withChoices([
        { value: SECRET, label: "a" },
        { value: SECRET, label: "b" },
      ]),
      "userConsentOptions[0].choices must have different values",
    ],
    [
      "one value in two groups",
      withChoices([
        { group: "a", choices: [{ value: SECRET, label: "a" }] },
        { group: "b", choices: [{ value: SECRET, label: "b" }] },
      ]),
      "userConsentOptions[0].choices must have different values",
    ],
    [
      "one claim twice",
      [
        { ...OPTION, claim: SECRET },
        { ...OPTION, claim: SECRET },
      ],
      "userConsentOptions must have different claims",
    ],
  ])("are named by their path and not by their value: %s", async (_, options, reason) => {
    const { login, calls } = createAuthkit();
    const userConsentOptions = options as UserConsentOption[];
    const error = await caught(() => login.complete("id_1", { ...ADA, userConsentOptions }));
    expect({ code: error.code, reason: error.reason }).toEqual({
      code: "invalid_user_consent_options",
      reason,
    });
    expect(everythingSaidBy(error)).not.toContain(SECRET);
    expect(calls).toEqual([]);
  });

  it.each([
    ...["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "sid", "client_id", "scope", "org_id", "act", "cnf"],
    ...["__proto__", "constructor", "prototype"],
  ])("may not set the claim %s", async (claim) => {
    const { login, calls } = createAuthkit();
    const error = await caught(() =>
      login.complete("id_1", { ...ADA, userConsentOptions: [OPTION, { ...OPTION, claim }] }),
    );
    expect(error).toMatchObject({
      code: "invalid_user_consent_options",
      reason: "userConsentOptions[1].claim is reserved",
    });
    expect(calls).toEqual([]);
  });
});

describe("user consent options as odd as AuthKit allows", () => {
  it.each<[what: string, options: readonly UserConsentOption[]]>([
    ["two options", [OPTION, { ...OPTION, claim: "tos_accepted" }]],
    ["texts of 1024 characters", [{ claim: "c".repeat(1024), label: "l".repeat(1024), choices: [CHOICE] }]],
    [
      "labels in any script",
      [{ ...OPTION, label: "工作区", choices: [{ value: "ü", label: "Zoë’s 👩‍💻" }] }],
    ],
    ["one label for two values", [{ ...OPTION, choices: [CHOICE, { value: "b", label: CHOICE.label }] }]],
    [
      "one group name for two groups",
      [
        {
          ...OPTION,
          choices: [
            { group: "g", choices: [CHOICE] },
            { group: "g", choices: [{ value: "b", label: "b" }] },
          ],
        },
      ],
    ],
  ])("are sent: %s", async (_, userConsentOptions) => {
    const { login, calls } = createAuthkit();
    await login.complete("id_1", { ...ADA, userConsentOptions });
    const user_consent_options = userConsentOptions.map((option) => ({ type: "enum", ...option }));
    expect(calls).toMatchObject([{ body: { user_consent_options } }]);
  });
});
