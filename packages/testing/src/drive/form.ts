import { readHtml, type Tag } from "./html.js";

/** One of the values that a field offers. */
export interface Choice {
  readonly value: string;
  /** What the page calls it. */
  readonly label: string;
}

/** What is sent under one name. */
export interface Field {
  readonly name: string;
  /** The `type` of an input; `select` or `textarea`. */
  readonly type: string;
  /** What is sent unless it is filled in; `undefined`: nothing. */
  readonly value: string | undefined;
  /** Of a select, of radio buttons, or the one value of a checkbox. */
  readonly choices: readonly Choice[] | undefined;
  readonly isRequired: boolean;
  /** Of its tag. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** A button that sends the form. */
export interface Button {
  readonly name: string | undefined;
  readonly value: string;
  /** `formnovalidate`: sends what is missing, too. */
  readonly isLenient: boolean;
}

/** A form of a page. */
export interface Form {
  /** Absolute. */
  readonly action: string;
  readonly method: "GET" | "POST";
  readonly isMultipart: boolean;
  readonly fields: readonly Field[];
  readonly buttons: readonly Button[];
}

/** What a form can't be sent with. The message names the field, never a value. */
export class FormError extends Error {
  override readonly name = "FormError";
}

/** The forms of a page, in its order. */
export function readForms(html: string, pageUrl: string): readonly Form[] {
  const reader = new FormReader(pageUrl);
  for (const piece of readHtml(html)) {
    if (typeof piece === "string") reader.text(piece);
    else if (piece.isEnd) reader.close(piece.name);
    else reader.open(piece);
  }
  return reader.end();
}

/**
 * What a browser sends when this button is pressed after the fields were filled in; without a button, the form's first
 * one. Throws {@link FormError}.
 */
export function encodeForm(
  form: Form,
  values: Readonly<Record<string, string>>,
  button: Button | undefined = form.buttons[0],
): [name: string, value: string][] {
  for (const name of Object.keys(values)) {
    if (!form.fields.some((field) => field.name === name))
      throw new FormError(`the form has no field ${name}`);
  }
  const entries: [string, string][] = [];
  for (const field of form.fields) {
    const { name, type, choices, isRequired } = field;
    const filled = Object.hasOwn(values, name) ? values[name] : field.value;
    const isOffered = choices === undefined || choices.some((choice) => choice.value === filled);
    if (filled !== undefined && !isOffered && type !== "checkbox") {
      throw new FormError(`the field ${name} does not offer this value`);
    }
    const value = isOffered ? filled : undefined;
    if (isRequired && !value && !button?.isLenient)
      throw new FormError(`the field ${name} must be filled in`);
    if (value !== undefined) entries.push([name, value]);
  }
  if (button?.name !== undefined) entries.push([button.name, button.value]);
  return entries;
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

interface OpenChoice extends Open<Choice> {
  readonly id: string | undefined;
}

interface OpenField extends Open<Omit<Field, "choices">> {
  choices: OpenChoice[] | undefined;
  /** A select whose selected option is disabled, as a placeholder is: nothing is chosen yet. */
  isUnchosen?: boolean;
}

interface OpenForm extends Open<Omit<Form, "fields" | "buttons">> {
  fields: OpenField[];
  buttons: Button[];
}

/** Takes a page's pieces one after the other. */
class FormReader {
  readonly #pageUrl: string;
  readonly #forms: OpenForm[] = [];
  readonly #labels = new Map<string, string>();
  #form: OpenForm | undefined;
  #select: OpenField | undefined;
  #option:
    | { readonly choice: OpenChoice; readonly isValueText: boolean; readonly isSelected: boolean }
    | undefined;
  #textarea: OpenField | undefined;
  #label: { readonly of: string | undefined; text: string; readonly choices: OpenChoice[] } | undefined;

  constructor(pageUrl: string) {
    this.#pageUrl = pageUrl;
  }

  open(tag: Tag): void {
    const { name, attributes } = tag;
    if (name === "form") this.#openForm(attributes);
    else if (name === "label") this.#label = { of: attributes.get("for"), text: "", choices: [] };
    else if (name === "option") this.#openOption(attributes);
    if (this.#form === undefined || attributes.has("disabled")) return;
    if (name === "input") this.#addInput(this.#form, attributes);
    else if (name === "button") this.#addButton(this.#form, attributes);
    else if (name === "textarea") this.#textarea = this.#addField(this.#form, "textarea", attributes, "");
    else if (name === "select") {
      this.#select = this.#addField(this.#form, "select", attributes, undefined);
      if (this.#select !== undefined) this.#select.choices = [];
    }
  }

  text(text: string): void {
    if (this.#option !== undefined) this.#option.choice.label += text;
    // A line break right after the tag is none of the text.
    if (this.#textarea !== undefined) this.#textarea.value += text.replace(/^\r?\n/, "");
    if (this.#label !== undefined) this.#label.text += text;
  }

  close(name: string): void {
    if (name === "option") this.#closeOption();
    else if (name === "select") this.#closeSelect();
    else if (name === "textarea") this.#textarea = undefined;
    else if (name === "label") this.#closeLabel();
    else if (name === "form") this.#form = undefined;
  }

  end(): readonly Form[] {
    for (const field of this.#forms.flatMap((form) => form.fields)) {
      for (const choice of field.choices ?? []) {
        choice.label ||= this.#labels.get(choice.id ?? "") ?? "";
      }
    }
    return this.#forms;
  }

  #openForm(attributes: Tag["attributes"]): void {
    const action = attributes.get("action") || this.#pageUrl;
    this.#form = {
      action: new URL(action, this.#pageUrl).href,
      method: attributes.get("method")?.toUpperCase() === "POST" ? "POST" : "GET",
      isMultipart: attributes.get("enctype")?.toLowerCase() === "multipart/form-data",
      fields: [],
      buttons: [],
    };
    this.#forms.push(this.#form);
  }

  #addInput(form: OpenForm, attributes: Tag["attributes"]): void {
    const type = attributes.get("type")?.toLowerCase() ?? "text";
    if (type === "submit") this.#addButton(form, attributes);
    if (type === "submit" || type === "button" || type === "reset" || type === "image" || type === "file")
      return;
    if (type !== "radio" && type !== "checkbox") {
      this.#addField(form, type, attributes, attributes.get("value") ?? "");
      return;
    }
    const choice = { value: attributes.get("value") ?? "on", label: "", id: attributes.get("id") };
    this.#label?.choices.push(choice);
    const name = attributes.get("name");
    const group =
      type === "radio" ? form.fields.find((field) => field.type === type && field.name === name) : undefined;
    const field = group ?? this.#addField(form, type, attributes, undefined);
    if (field === undefined) return;
    field.choices = [...(field.choices ?? []), choice];
    if (attributes.has("checked")) field.value = choice.value;
  }

  #addButton(form: OpenForm, attributes: Tag["attributes"]): void {
    const type = attributes.get("type")?.toLowerCase() ?? "submit";
    if (type !== "submit") return;
    form.buttons.push({
      name: attributes.get("name"),
      value: attributes.get("value") ?? "",
      isLenient: attributes.has("formnovalidate"),
    });
  }

  #addField(
    form: OpenForm,
    type: string,
    attributes: Tag["attributes"],
    value: string | undefined,
  ): OpenField | undefined {
    const name = attributes.get("name");
    if (!name) return undefined;
    const isRequired = attributes.has("required");
    const field: OpenField = { name, type, value, choices: undefined, isRequired, attributes };
    form.fields.push(field);
    return field;
  }

  #openOption(attributes: Tag["attributes"]): void {
    this.#closeOption();
    const isSelected = attributes.has("selected");
    if (attributes.has("disabled")) {
      if (isSelected && this.#select !== undefined) this.#select.isUnchosen = true;
      return;
    }
    const value = attributes.get("value");
    const choice = { value: value ?? "", label: "", id: undefined };
    this.#option = { choice, isValueText: value === undefined, isSelected };
  }

  #closeOption(): void {
    const option = this.#option;
    this.#option = undefined;
    if (option === undefined || this.#select === undefined) return;
    option.choice.label = option.choice.label.trim();
    if (option.isValueText) option.choice.value = option.choice.label;
    this.#select.choices?.push(option.choice);
    if (option.isSelected) this.#select.value = option.choice.value;
  }

  #closeSelect(): void {
    this.#closeOption();
    const select = this.#select;
    this.#select = undefined;
    if (select === undefined || select.attributes.has("multiple")) return;
    if (!select.isUnchosen) select.value ??= select.choices?.[0]?.value;
  }

  #closeLabel(): void {
    const label = this.#label;
    this.#label = undefined;
    if (label === undefined) return;
    const text = label.text.replace(/\s+/g, " ").trim();
    for (const choice of label.choices) choice.label = text;
    if (label.of !== undefined) this.#labels.set(label.of, text);
  }
}
