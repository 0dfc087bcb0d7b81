import { html } from "hono/html";

import { layout } from "./layout.js";

const PROBLEMS = new Map([
  ["NoCodeError", "Enter the code that your device shows."],
  ["NotFoundError", "This code is not known. Check it and try again."],
  ["ExpiredError", "This code has expired. Start again on your device."],
  ["AlreadyUsedError", "This code was used before. Start again on your device."],
]);

/** Asks for the code that the device shows (RFC 8628 section 3.3). */
export function deviceCodePage({
  xsrf,
  suggested,
  problem,
}: {
  xsrf: string;
  /** What stands in the field: from the address, or typed before. */
  suggested: string;
  /** The name of oidc-provider's error. */
  problem: string | undefined;
}): string {
  return layout(
    "Connect a device",
    html`<h1>Connect a device</h1>
<p class="quiet">Go on only if you started this yourself.</p>
${problem === undefined ? "" : html`<p class="notice" role="alert">${PROBLEMS.get(problem) ?? "This did not work. Try again."}</p>`}
<form id="device" method="post" action="/device">
<input type="hidden" name="xsrf" value="${xsrf}">
<label for="user-code">Code</label>
<input type="text" class="code" id="user-code" name="user_code" value="${suggested}" placeholder="ABCD-EFGH" autocomplete="off" spellcheck="false" required>
<div class="actions"><button>Continue</button></div>
</form>`,
  );
}

export function deviceConfirmPage(view: { xsrf: string; userCode: string; clientName: string }): string {
  return layout(
    "Connect a device",
    html`<h1>Does your device show this code?</h1>
<p class="user-code"><code>${view.userCode}</code></p>
<p class="quiet">If you confirm, you connect <strong>${view.clientName}</strong> to your account. Cancel if you did not start this.</p>
<form id="device" method="post" action="/device">
<input type="hidden" name="xsrf" value="${view.xsrf}">
<input type="hidden" name="user_code" value="${view.userCode}">
<div class="actions">
<button name="confirm" value="yes">Confirm</button>
<button class="plain" name="abort" value="yes">Cancel</button>
</div>
</form>`,
  );
}

export function deviceDeniedPage(): string {
  return layout(
    "Device not connected",
    html`<h1>Device not connected</h1>
<p>It was denied access. You can close this page; your device says what to do to try again.</p>`,
  );
}

export function deviceDonePage(): string {
  return layout(
    "Device connected",
    html`<h1>Device connected</h1>
<p>You can close this page and go back to your device.</p>`,
  );
}
