// A page that shows the answer to a search tells the server so, once, when somebody looks at it for a moment. Pages that
// are only loaded ahead, shown again or left at once tell nothing; what does not arrive is not tried again.

const LOOKED_AT = 900; // milliseconds, as in reading.js

const known = new WeakSet();
let arrivals = 0;

/** Whether the browser brought back a page that was there before. */
function isShownAgain() {
  const [how] = performance.getEntriesByType("navigation");
  return arrivals < 2 && ["reload", "back_forward"].includes(how?.type);
}

function watch(form) {
  let timer;
  const tell = () => {
    document.removeEventListener("visibilitychange", wait);
    if (!form.isConnected) return;
    const body = new URLSearchParams(new FormData(form));
    fetch(form.action, { method: "POST", body, keepalive: true, headers: { "HX-Request": "true" } }).catch(() => {});
  };
  const wait = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(tell, LOOKED_AT);
  };
  document.addEventListener("visibilitychange", wait);
  wait();
}

export function arrive() {
  arrivals += 1; // a whole page was put in place of the one before: that is a new one
}

export function enhance() {
  for (const form of document.querySelectorAll("form[data-telling]")) {
    if (known.has(form) || isShownAgain()) continue;
    known.add(form);
    watch(form);
  }
}
