import { describe, expect, it } from "vitest";
import { encodeForm, type Form, readForms } from "../../src/drive/form.js";

function read(html: string): Form {
  const [form] = readForms(html, "http://localhost:3000/sign-in?return_to=%2F");
  if (form === undefined) throw new Error("There is no form.");
  return form;
}

describe("a form", () => {
  it("has an action on the page's site, GET unless it says POST, and the page's own address without an action", () => {
    expect(read('<form action="/x?a=1&amp;b=2" method="post">')).toMatchObject({
      action: "http://localhost:3000/x?a=1&b=2",
      method: "POST",
      isMultipart: false,
    });
    expect(read("<FORM>")).toMatchObject({
      action: "http://localhost:3000/sign-in?return_to=%2F",
      method: "GET",
    });
    expect(read('<form action="other" enctype="multipart/form-data" method=POST>')).toMatchObject({
      action: "http://localhost:3000/other",
      isMultipart: true,
    });
  });

  it("sends what its fields hold, in the page's order, and the button that is pressed", () => {
    const form = read(`
      <form method="post">
        <input type="hidden" name="csrf" value="a&quot;b&#39;c&#x26;d&nbsp;e&unknown;">
        <input name=plain value=text VALUE=twice><input type='email' name='email'>
        <textarea name="note">
line &lt;one&gt;</textarea>
        <input type="checkbox" name="yes" checked><input type="checkbox" name="no" value="n">
        <button name="go" value="now">Go</button><button>Other</button>
      </form>`);
    expect(encodeForm(form, { email: "ada@example.com" })).toEqual([
      ["csrf", "a\"b'c&d\u00a0e&unknown;"],
      ["plain", "text"],
      ["email", "ada@example.com"],
      ["note", "line <one>"],
      ["yes", "on"],
      ["go", "now"],
    ]);
    expect(encodeForm(form, { no: "n", yes: "" }, form.buttons[1])).toEqual([
      ["csrf", "a\"b'c&d\u00a0e&unknown;"],
      ["plain", "text"],
      ["email", ""],
      ["note", "line <one>"],
      ["no", "n"],
    ]);
  });

  it("sends the selected option, or the first one, or the text of one without a value", () => {
    const form = read(`
      <form>
        <select name="a"><option value="1">One<option value="2" selected>Two</select>
        <select name="b"><optgroup label="G"><option>  Uno </option></optgroup><option>Due</option></select>
        <select name="c"><option value="" disabled selected>Choose</option><option value="x">X</option></select>
        <select name="d" multiple><option value="y">Y</option></select>
      </form>`);
    expect(encodeForm(form, {})).toEqual([
      ["a", "2"],
      ["b", "Uno"],
    ]);
    expect(form.fields[0]?.choices).toMatchObject([
      { value: "1", label: "One" },
      { value: "2", label: "Two" },
    ]);
    expect(encodeForm(form, { a: "1", b: "Due", c: "x", d: "y" })).toEqual([
      ["a", "1"],
      ["b", "Due"],
      ["c", "x"],
      ["d", "y"],
    ]);
  });

  it("has radio buttons as one field, with the labels around them or pointing at them", () => {
    const form = read(`
      <form>
        <label><input type="radio" name="org" value="o1"> Acme  <b>Inc</b></label>
        <input type="radio" name="org" value="o2" id="two" checked><label for="two">Beta</label>
      </form>`);
    expect(form.fields).toHaveLength(1);
    expect(form.fields[0]?.choices).toMatchObject([
      { value: "o1", label: "Acme Inc" },
      { value: "o2", label: "Beta" },
    ]);
    expect(encodeForm(form, {})).toEqual([["org", "o2"]]);
    expect(encodeForm(form, { org: "o1" })).toEqual([["org", "o1"]]);
  });

  it("sends nothing of what is disabled, has no name, or only looks like a field", () => {
    const form = read(`
      <form>
        <input name="a" value="1" disabled><input value="2"><input type="button" name="b" value="3">
        <select name="c" disabled><option value="4"></select><input type="file" name="d">
        <!-- <input name="e" value="5"> --><script>"<input name='f' value='6'>"</script>
        <button type="button" name="g">No</button><button type="reset">No</button>
        <input type="submit" name="h" value="7">
      </form><input name="i" value="8">`);
    expect(encodeForm(form, {})).toEqual([["h", "7"]]);
  });

  it("is one of several, each with its own fields", () => {
    const forms = readForms(
      "<form action=/a><input name=x></form><form action=/b><input name=y></form>",
      "http://a.example/",
    );
    expect(forms.map(({ action, fields }) => [action, fields.map(({ name }) => name)])).toEqual([
      ["http://a.example/a", ["x"]],
      ["http://a.example/b", ["y"]],
    ]);
  });

  it("is not sent where something is missing, unless the button doesn't care", () => {
    const form = read(`
      <form><input name="email" required><select name="org" required><option value="">Choose</select>
      <button name="ok" value="1"></button><button name="ok" value="0" formnovalidate></button></form>`);
    expect(() => encodeForm(form, {})).toThrow("the field email must be filled in");
    expect(() => encodeForm(form, { email: "a" })).toThrow("the field org must be filled in");
    expect(encodeForm(form, {}, form.buttons[1])).toEqual([
      ["email", ""],
      ["org", ""],
      ["ok", "0"],
    ]);
  });

  it("is not sent with what it doesn't have or offer, and the error names no value", () => {
    const form = read('<form><select name="org"><option value="a">A</select></form>');
    expect(() => encodeForm(form, { mail: "secret" })).toThrow(/^the form has no field mail$/);
    expect(() => encodeForm(form, { org: "secret" })).toThrow(/^the field org does not offer this value$/);
  });

  it("is read in a time that grows with the page, whatever is in it", () => {
    const hostile = `<form ${'a="'.repeat(20_000)}${"<".repeat(20_000)}${"<a ".repeat(20_000)}`;
    expect(readForms(hostile, "http://a.example/").length).toBeLessThanOrEqual(1);
  });
});
