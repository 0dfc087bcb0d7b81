import { createHash } from "node:crypto";
import { html, raw } from "hono/html";

export type Markup = ReturnType<typeof html>;

const BASE = `
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
h1 { margin: 0 0 8px; font-size: 22px; line-height: 1.3; font-weight: 600; letter-spacing: -0.01em; }
h2 { margin: 24px 0 8px; font-size: 14px; font-weight: 600; }
p { margin: 0 0 8px; }
.quiet { color: var(--quiet); font-size: 14px; }
.quiet strong { color: var(--text); font-weight: 500; }
.notice { margin: 16px 0 0; padding: 10px 14px; border-radius: 8px; background: var(--notice); color: var(--on-notice); font-size: 14px; }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: 10px 0; border-top: 1px solid var(--line); }
li:last-child { border-bottom: 1px solid var(--line); }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
label { display: block; margin: 20px 0 6px; font-size: 14px; font-weight: 600; }
select, input {
  width: 100%; padding: 10px 12px; font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--quiet); border-radius: 8px;
}
::placeholder { color: var(--quiet); opacity: 1; }
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
`;

const NARROW = `
main {
  width: 100%; max-width: 440px; padding: 32px; background: var(--card);
  border: 1px solid var(--line); border-radius: 14px; overflow-wrap: anywhere;
}
main > :last-child, main > form:last-child > .actions { margin-bottom: 0; }
.code { letter-spacing: 0.12em; text-transform: uppercase; }
.user-code { margin: 16px 0; padding: 12px; border-radius: 8px; background: var(--page); text-align: center; }
.user-code code { font-size: 24px; letter-spacing: 0.12em; }
@media (max-width: 420px) { main { padding: 24px 20px; } }
`;

/** A look that pages share, and the headers that let it in and nothing else. */
export interface Design {
  headers: Record<string, string>;
  /** A whole page. Everything put into `html` templates is escaped. */
  render(title: string, content: Markup): string;
}

/**
 * `style` comes after what all pages share. `script` stands at the end of the page, and `policy` is added to its content
 * security policy. Nothing is taken from elsewhere, no frame is around the page, its address leaves no trace.
 */
export function createDesign(style: string, script = "", policy = ""): Design {
  const css = BASE + style;
  const allowed = [
    "default-src 'none'",
    `style-src ${hashOf(css)}`,
    ...(script ? [`script-src ${hashOf(script)}`] : []),
    ...(policy ? [policy] : []),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    headers: {
      "Content-Security-Policy": allowed.join("; "),
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
    },
    render: (title, content) =>
      String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(css)}</style>
</head>
<body>
<main>
${content}
</main>
<footer>Local AuthKit · for development only</footer>
${script ? html`<script>${raw(script)}</script>` : ""}
</body>
</html>
`),
  };
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

const narrow = createDesign(NARROW);

/**
 * Sent with every page that a user sees. `form-action` is left out on purpose: browsers apply it to the redirects after
 * a form, which lead to applications.
 */
export const PAGE_HEADERS = narrow.headers;

/** A page that a user sees. */
export const layout = narrow.render;
