import { ConfirmForm } from "@connect/next/confirm-form";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";

const confirmation = { action: '/auth/login?external_auth_id="1"', proof: "sealed" };
const render = (props = {}) => renderToStaticMarkup(createElement(ConfirmForm, { confirmation, ...props }));

it("the confirmation form posts the proof and one of three answers to this login", () => {
  const html = render();
  expect(html).toContain('<meta name="referrer" content="same-origin"/>');
  expect(html).toContain('<form action="/auth/login?external_auth_id=&quot;1&quot;" method="post">');
  expect(html).toContain('<input type="hidden" name="proof" value="sealed"/>');
  expect(
    [...html.matchAll(/<button type="submit" value="(\w+)" name="answer">/g)].map(([, answer]) => answer),
  ).toEqual(["continue", "switch", "deny"]);
});

it("attributes of the form and its buttons are the application's, what they send is not", () => {
  const html = render({
    className: "card",
    "aria-label": "Weiter?",
    method: "get",
    continueButton: { children: "Weiter", className: "primary", value: "deny" },
  });
  expect(html).toMatch(/<form class="card" aria-label="Weiter\?" action="[^"]+" method="post">/);
  expect(html).toMatch(/<button class="primary" value="continue" type="submit" name="answer">Weiter</);
});
