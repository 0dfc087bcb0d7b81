import { createHash } from "node:crypto";
import { html, raw } from "hono/html";

export type Markup = ReturnType<typeof html>;

const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f5f5f3; --card: #ffffff; --line: #e1e1dc; --text: #1c1c1a; --quiet: #62625c;
  --accent: #4338ca; --on-accent: #ffffff; --notice: #fdf3d8; --on-notice: #6b4a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #141416; --card: #1d1d20; --line: #34343a; --text: #ededee; --quiet: #a3a3ab;
    --accent: #a5b4fc; --on-accent: #17172b; --notice: #3a2f10; --on-notice: #f5dd9d;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; padding: 32px 16px; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 20px;
}
main {
  width: 100%; max-width: 440px; padding: 32px; background: var(--card);
  border: 1px solid var(--line); border-radius: 14px; overflow-wrap: anywhere;
}
h1 { margin: 0 0 8px; font-size: 22px; line-height: 1.3; font-weight: 600; letter-spacing: -0.01em; }
h2 { margin: 24px 0 8px; font-size: 14px; font-weight: 600; }
p { margin: 0 0 8px; }
main > :last-child { margin-bottom: 0; }
.quiet { color: var(--quiet); font-size: 14px; }
.quiet strong { color: var(--text); font-weight: 500; }
.notice { margin: 16px 0 0; padding: 10px 14px; border-radius: 8px; background: var(--notice); color: var(--on-notice); font-size: 14px; }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: 10px 0; border-top: 1px solid var(--line); }
li:last-child { border-bottom: 1px solid var(--line); }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
label { display: block; margin: 20px 0 6px; font-size: 14px; font-weight: 600; }
select, input[type="text"] {
  width: 100%; padding: 10px 12px; font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--quiet); border-radius: 8px;
}
input[type="text"] { letter-spacing: 0.12em; text-transform: uppercase; }
.choices { margin-top: 20px; border-top: 1px solid var(--line); }
label.choice {
  display: flex; gap: 12px; align-items: baseline; margin: 0; padding: 14px 4px; font-size: 16px; font-weight: 400;
  border-bottom: 1px solid var(--line); cursor: pointer;
}
.choice input { flex: none; margin: 0; width: 16px; height: 16px; align-self: center; accent-color: var(--accent); }
.actions { display: flex; flex-wrap: wrap; gap: 12px; margin: 28px 0 16px; }
button {
  flex: 1 1 120px; padding: 11px 20px; font: inherit; font-weight: 600; cursor: pointer;
  border: 1px solid var(--accent); border-radius: 8px; background: var(--accent); color: var(--on-accent);
}
button.plain { background: transparent; border-color: var(--quiet); color: var(--text); }
button:hover { opacity: 0.9; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
footer { color: var(--quiet); font-size: 13px; text-align: center; }
@media (max-width: 420px) { main { padding: 24px 20px; } }
`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/**
 * Sent with every page. No script, nothing from elsewhere, no frame around it, no trace of its address. `form-action`
 * is left out on purpose: browsers apply it to the redirects after a form, which lead to applications.
 */
export const PAGE_HEADERS: Record<string, string> = {
  "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'`,
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** A whole page. Everything put into `html` templates is escaped. */
export function layout(title: string, content: Markup): string {
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
${content}
</main>
<footer>Local AuthKit · for development only</footer>
</body>
</html>
`);
}
