/** The app's whole style sheet. */
export const styles = `
:root {
  color-scheme: light dark;
  --page: #f3f5f9; --panel: #ffffff; --ink: #1a2233; --soft: #58627a; --line: #d9dfea; --well: #f5f7fb;
  --accent: #3446b8; --on-accent: #ffffff; --good: #17693f; --bad: #a3271f;
  font: 1rem/1.55 "Inter", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f131b; --panel: #181e2a; --ink: #e6eaf3; --soft: #9ca7bf; --line: #2c3547; --well: #121722;
    --accent: #a5b4ff; --on-accent: #10163a; --good: #7fd6a4; --bad: #ff9f96;
  }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; background: var(--page); color: var(--ink); overflow-wrap: anywhere }
header { background: var(--panel); border-bottom: 1px solid var(--line) }
header > div, main { max-width: 52rem; margin: 0 auto; padding: 0 1.25rem }
header > div { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center;
  justify-content: space-between; padding-top: .875rem; padding-bottom: .875rem }
main { padding-top: 2rem; padding-bottom: 3rem }
h1 { font-size: clamp(1.625rem, 5vw, 2.125rem); line-height: 1.2; letter-spacing: -.02em; margin: 0 0 .75rem;
  text-wrap: balance }
h2 { font-size: 1.0625rem; margin: 0 0 .75rem }
p { margin: 0 0 1rem }
a { color: var(--accent) }
code, pre, #tenant { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .875rem }
.brand { font-weight: 700; letter-spacing: -.01em; color: inherit; text-decoration: none }
.brand span { color: var(--accent) }
.soft { color: var(--soft) }
.hero { max-width: 34rem; padding: 2rem 0 }
.hero p { font-size: 1.125rem; color: var(--soft); margin-bottom: 1.75rem }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: 1.25rem;
  margin: 0 0 1rem }
.panel > :last-child, .panel > form:last-child { margin-bottom: 0 }
.actions { display: flex; flex-wrap: wrap; gap: .625rem; margin: 0 0 1.5rem }
.actions form { margin: 0 }
.button { display: inline-block; font: inherit; font-weight: 600; cursor: pointer; text-align: center;
  text-decoration: none; min-height: 2.75rem; padding: .5625rem 1.125rem; border-radius: .375rem;
  border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent) }
.button:hover { filter: brightness(1.08) }
.button.big { font-size: 1.125rem; padding: .75rem 1.75rem }
.button.plain { background: transparent; color: var(--accent); border-color: var(--line) }
.button.plain:hover { border-color: currentColor }
.button.danger { background: transparent; color: var(--bad); border-color: var(--line) }
.button.danger:hover { border-color: currentColor }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
#tenant { font-size: 1.0625rem; background: var(--well); border: 1px solid var(--line); border-radius: .375rem;
  padding: .625rem .875rem }
table { width: 100%; border-collapse: collapse; margin: 0 0 1rem }
caption { text-align: left; color: var(--soft); font-size: .875rem; padding-bottom: .25rem }
th, td { text-align: left; vertical-align: top; padding: .4375rem 0; border-top: 1px solid var(--line) }
th { width: 11rem; font-weight: 500; color: var(--soft); font-size: .9375rem; padding-right: 1rem }
td .soft { font-size: .875rem }
pre { margin: 0; background: var(--well); border: 1px solid var(--line); border-radius: .375rem;
  padding: .875rem; white-space: pre-wrap }
summary { cursor: pointer; color: var(--accent); margin-bottom: .625rem; width: fit-content }
.good { color: var(--good); font-weight: 600 }
.bad { color: var(--bad); font-weight: 600 }
@media (max-width: 34rem) {
  th, td { display: block; width: auto; padding: 0 }
  th { padding-top: .5rem; border-top: 1px solid var(--line); font-size: .8125rem }
  td { border: 0; padding-bottom: .5rem }
  .hero .button { display: block }
}
`;
