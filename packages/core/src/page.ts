/** A page of the SDK's: no script, nothing loaded, readable on a phone, in the dark and by a screen reader. */
export function toPage(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="same-origin">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; grid-template-columns: min(26rem, 100%); place-content: center; padding: 1.5rem; box-sizing: border-box }
h1 { font-size: 1.25rem; margin: 0 0 .5rem } p { margin: 0 0 1rem; overflow-wrap: anywhere }
p, button { color: color-mix(in srgb, CanvasText 80%, Canvas) }
form { display: grid; gap: .5rem; margin-top: 1.5rem }
button { font: inherit; padding: .6rem 1rem; border: 1px solid color-mix(in srgb, CanvasText 30%, Canvas); border-radius: .5rem; background: none; cursor: pointer }
button[value=continue] { background: CanvasText; color: Canvas; border-color: CanvasText }
button:focus-visible { outline: 3px solid Highlight; outline-offset: 2px }
</style>
<main><h1>${title}</h1>${main}</main>
</html>
`;
}

/** Text as it may stand in HTML, in quoted attributes too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
