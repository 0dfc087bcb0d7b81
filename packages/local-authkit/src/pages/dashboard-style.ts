/** What the dashboard adds to the look of all pages. Colours of text have a contrast of 4.5 to 1 and more (WCAG AA). */
export const DASHBOARD_STYLE = `
:root { --good: #146c3a; --bad: #b3261e; --code: #f0f0ec; }
@media (prefers-color-scheme: dark) { :root { --good: #86d9a4; --bad: #ffab9f; --code: #27272b; } }
body { justify-content: flex-start; padding: 24px 16px; }
main { width: 100%; max-width: 1160px; overflow-wrap: anywhere; }
.head { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; }
.head h1 { margin: 0; }
.banner { margin: 12px 0 20px; }
#live { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 340px); gap: 20px; align-items: start; }
.main, .side { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; }
.wide { grid-column: 1 / -1; }
section { padding: 20px 24px; background: var(--card); border: 1px solid var(--line); border-radius: 14px; }
h2 { margin: 0 0 12px; font-size: 16px; }
h2 .quiet { margin-left: 6px; font-weight: 400; }
section > :last-child, li > :last-child { margin-bottom: 0; }
li:last-child { border-bottom: 0; }
.good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--quiet); }
#connection { font-size: 14px; font-weight: 600; }
a { color: var(--accent); }
code, pre { overflow-wrap: anywhere; }
pre {
  margin: 8px 0 0; padding: 10px 12px; border-radius: 8px; background: var(--code); white-space: pre-wrap;
  font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
dl { display: grid; grid-template-columns: minmax(0, 1fr); margin: 0; font-size: 14px; }
dt { color: var(--quiet); } dd { margin: 0 0 8px; } dl > :last-child { margin-bottom: 0; }
summary { cursor: pointer; border-radius: 6px; }
details.login > summary {
  position: relative; display: flex; flex-wrap: wrap; gap: 0 12px; align-items: baseline; padding-left: 18px; list-style: none;
}
details.login > summary::-webkit-details-marker { display: none; }
details.login > summary::before { content: "▸"; position: absolute; left: 0; color: var(--quiet); }
details.login[open] > summary::before { content: "▾"; }
details.login > summary .who { flex: 1 1 200px; min-width: 0; }
details.login > summary .state { font-size: 14px; font-weight: 600; }
details.login > summary time { color: var(--quiet); font-size: 14px; font-variant-numeric: tabular-nums; }
.login > .inside { margin: 12px 0 4px 18px; }
.login dl { grid-template-columns: max-content minmax(0, 1fr); gap: 0 16px; margin-bottom: 8px; }
.login dd { margin: 0; }
ol.steps { margin: 0; padding: 0; list-style: none; font-size: 14px; }
ol.steps > li { display: grid; grid-template-columns: 84px minmax(0, 1fr); gap: 0 12px; padding: 6px 0; }
ol.steps time { color: var(--quiet); font-variant-numeric: tabular-nums; }
ol.steps summary { width: fit-content; padding: 2px 0; color: var(--quiet); }
.row { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; }
.row > * { flex: 1 1 80px; min-width: 0; }
.row > button { flex: 0 0 auto; }
label { margin: 12px 0 4px; }
.row label { margin-top: 4px; }
select, input { padding: 7px 10px; font-size: 14px; }
button { padding: 7px 14px; font-size: 14px; }
form > button { margin-top: 12px; }
form + form { margin-top: 20px; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); gap: 0 32px; }
.cards > li { border-bottom: 0; }
.switches { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); gap: 4px 32px; margin-bottom: 16px; }
.switches label .quiet { font-weight: 400; }
.switches > div { display: flex; flex-direction: column; justify-content: flex-end; }
@media (max-width: 860px) {
  #live { grid-template-columns: minmax(0, 1fr); }
  section { padding: 18px 16px; }
}
@media (max-width: 480px) {
  .login > .inside { margin-left: 0; }
  ol.steps > li { grid-template-columns: minmax(0, 1fr); }
}
`;
