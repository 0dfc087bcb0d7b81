/** The product's whole style sheet, for pages rendered here or elsewhere with the same class names. */
export const styles = `
:root {
  color-scheme: light dark;
  --paper: #f7f4ec; --card: #fffdf8; --ink: #23261f; --soft: #5f6357; --line: #ddd7c8;
  --accent: #24614a; --on-accent: #ffffff; --alert: #9b2c1f; --alert-paper: #fbe9e5;
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #171a17; --card: #1f2420; --ink: #e9ebe4; --soft: #a6ac9f; --line: #363d37;
    --accent: #83c9aa; --on-accent: #10201a; --alert: #ffb4a6; --alert-paper: #3a211d;
  }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; background: var(--paper); color: var(--ink); overflow-wrap: anywhere }
header, main, footer { max-width: 44rem; margin: 0 auto; padding: 0 1.25rem }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between;
  padding-top: 1.25rem; padding-bottom: 1.25rem }
footer { padding-top: 2rem; padding-bottom: 2rem; color: var(--soft); font-size: .875rem }
h1, h2, .brand { font-family: "Iowan Old Style", Charter, Georgia, "Times New Roman", serif; line-height: 1.2;
  text-wrap: balance }
h1 { font-size: clamp(1.75rem, 6vw, 2.5rem); font-weight: 600; margin: 1.5rem 0 .75rem }
h2 { font-size: 1.25rem; font-weight: 600; margin: 0 0 .75rem }
h3 { font-size: .8125rem; font-weight: 600; margin: 1rem 0 .375rem; color: var(--soft) }
p { margin: 0 0 1rem }
a { color: var(--accent); text-underline-offset: .2em }
code { font: .9em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
.brand { font-size: 1.25rem; font-weight: 600; color: inherit; text-decoration: none }
.lead { font-size: 1.125rem; color: var(--soft); max-width: 34rem; margin-bottom: 1.75rem }
.account { display: flex; flex-wrap: wrap; gap: .5rem .875rem; align-items: center; font-size: .9375rem }
.account form { margin: 0 }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem;
  margin: 0 0 1.25rem }
.card > :last-child { margin-bottom: 0 }
.narrow { max-width: 25rem; margin: 2rem auto 0 }
.narrow h1 { font-size: 1.75rem; margin: 0 0 1rem }
.list { list-style: none; margin: 0; padding: 0 }
.list li { display: flex; flex-wrap: wrap; gap: .125rem 1rem; justify-content: space-between; padding: .5rem 0;
  border-top: 1px solid var(--line) }
.list li > code { color: var(--soft) }
.button { display: inline-block; font: inherit; font-weight: 600; cursor: pointer; text-align: center;
  text-decoration: none; min-height: 2.75rem; padding: .5625rem 1.125rem; border-radius: .5rem;
  border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent) }
.button:hover { filter: brightness(1.08) }
.button.plain { background: transparent; color: var(--accent) }
.button.wide { width: 100% }
label { display: block; font-weight: 600; margin: 0 0 .25rem }
input { display: block; width: 100%; font: inherit; color: inherit; background: var(--paper); min-height: 2.75rem;
  padding: .5rem .75rem; margin: 0 0 1rem; border: 1px solid var(--soft); border-radius: .5rem }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.alert { background: var(--alert-paper); color: var(--alert); border-radius: .5rem; padding: .625rem .75rem }
.app .head { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between }
.app h2, .app form { margin: 0 }
.small { font-size: .875rem; color: var(--soft) }
.small .list li { padding: .375rem 0 }
`;
