const KEY = "connect-docs-tab";

/** Who chose a framework has chosen it for all tabs, on this page and on those that come. */
export function alikeTabs({ router }: { router: { onAfterRouteChange?: (to: string) => unknown } }): void {
  if (typeof document === "undefined") return;
  document.addEventListener("click", ({ target, isTrusted }) => {
    // Only what the reader clicked: `choose` clicks, too.
    if (!isTrusted || !(target instanceof HTMLInputElement) || !target.matches(".vp-code-group input"))
      return;
    const chosen = labelOf(target);
    sessionStorage.setItem(KEY, chosen);
    const { top } = target.getBoundingClientRect();
    choose(chosen, target);
    // Blocks above have another height now: the tab stays under the reader's hand.
    window.scrollBy(0, target.getBoundingClientRect().top - top);
  });
  const remember = () => {
    const chosen = sessionStorage.getItem(KEY);
    if (chosen !== null) requestAnimationFrame(() => choose(chosen));
  };
  router.onAfterRouteChange = remember;
}

function choose(label: string, except?: HTMLInputElement): void {
  for (const input of document.querySelectorAll<HTMLInputElement>(".vp-code-group input")) {
    // A click, since the theme listens for it; it makes no second choice where the tab is chosen already.
    if (input !== except && !input.checked && labelOf(input) === label) input.click();
  }
}

function labelOf(input: HTMLInputElement): string {
  return document.querySelector(`label[for="${input.id}"]`)?.textContent ?? "";
}
