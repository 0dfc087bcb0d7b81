/**
 * Keeps the page up to date. The stream says only that something changed; what it is comes as the page itself, with
 * those logins that changed since, and only what differs is touched. So what is open stays open, what has the focus keeps
 * it, and what somebody is typing is left alone.
 */
export const DASHBOARD_SCRIPT = `
const live = document.getElementById("live");
const connection = document.getElementById("connection");
const OPEN = "open details";
let stream, isBusy = false, isStale = false;

function update(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
  if (old.nodeType !== Node.ELEMENT_NODE) return void (old.nodeValue = fresh.nodeValue);
  for (const { name } of [...old.attributes]) {
    if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (fresh.dataset.newest) return addNewest(old, fresh);

  const kept = new Set([...fresh.children].map(({ id }) => id));
  let place = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    while (place?.id && !kept.has(place.id)) place = next(place, true);
    const known = child.id ? [...old.children].find(({ id }) => id === child.id) : !place?.id && place;
    if (!known) old.insertBefore(child, place);
    else {
      if (known === place) place = next(place, false);
      else old.insertBefore(known, place);
      update(known, child);
    }
  }
  while (place) place = next(place, true);
}

function next(node, isGone) {
  const following = node.nextSibling;
  if (isGone) node.remove();
  return following;
}

// A list of which the page has only what changed, the newest first.
function addNewest(old, fresh) {
  for (const child of [...fresh.children].reverse()) {
    const known = document.getElementById(child.id);
    if (known) update(known, child);
    else old.prepend(child);
  }
  while (old.children.length > Number(fresh.dataset.newest)) old.lastElementChild.remove();
}

async function refresh() {
  isStale = true;
  if (isBusy) return;
  isBusy = true;
  try {
    while (isStale) {
      isStale = false;
      const answer = await fetch("/?since=" + live.dataset.revision);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
      if (page.dataset.run !== live.dataset.run) return location.replace("/");
      update(live, page);
      // However much happens, the page is not all that this machine does.
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } catch {
    // It has stopped. The stream tells when it is back.
  } finally {
    isBusy = false;
  }
}

// Browsers open few connections to one server: a page that nobody sees must not hold one.
function connect() {
  stream?.close();
  if (document.hidden) return;
  stream = new EventSource("/_local/events");
  stream.onopen = () => {
    connection.textContent = "Live";
    connection.className = "good";
    refresh();
  };
  stream.onmessage = refresh;
  stream.onerror = () => {
    connection.textContent = "Not connected";
    connection.className = "bad";
  };
}

for (const id of JSON.parse(sessionStorage.getItem(OPEN) ?? "[]")) {
  const details = document.getElementById(id);
  if (details) details.open = true;
}
addEventListener("pagehide", () => {
  const open = [...document.querySelectorAll("details[open]:not(.secret)")].map(({ id }) => id);
  sessionStorage.setItem(OPEN, JSON.stringify(open));
});
document.addEventListener("visibilitychange", connect);
addEventListener("pageshow", connect);
`;
