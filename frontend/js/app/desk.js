// The moderators' desk by single keys, for those who switch them on (WCAG 2.1.4): never in a field, never with Ctrl, Alt
// or Meta. Without them everything is a button or a link all the same.

const KEPT = "lmssocial:keys";

let on = false;
let last = null; // the case that somebody went to last

function remembered() {
  try {
    return localStorage.getItem(KEPT) === "on";
  } catch {
    return false; // a frame on another site may not be allowed to remember
  }
}

function remember() {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // as above; they are on until the page goes
  }
}

const cases = () => [...document.querySelectorAll("[data-cases] .case, .case[data-cases]")];
const present = () => document.activeElement?.closest?.(".case") ?? (last?.isConnected ? last : null);

function goTo(step) {
  const all = cases();
  const at = all.indexOf(present());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function act(key) {
  const control = (present() ?? (cases().length === 1 ? cases()[0] : null))?.querySelector(`[data-key="${key}"]`);
  if (!control) return;
  if (key === "r" && control.parentElement.open) {
    control.parentElement.querySelector("textarea")?.focus();
    return;
  }
  control.click();
  if (key === "r") control.parentElement.querySelector("textarea")?.focus();
}

function isWriting(target) {
  return target.closest?.("input, textarea, select, [contenteditable]") !== null;
}

export function enhance() {
  for (const place of document.querySelectorAll("[data-keys][hidden]")) {
    place.hidden = false;
    on = remembered();
    place.querySelector("[data-keys-switch]").setAttribute("aria-pressed", String(on));
  }
}

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-keys-switch]");
    if (!button) return;
    on = !on;
    button.setAttribute("aria-pressed", String(on));
    remember();
  });
  document.addEventListener("focusin", (event) => {
    last = event.target.closest?.(".case") ?? last;
  });
  document.addEventListener("keydown", (event) => {
    if (!on || !document.querySelector("[data-keys]")) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (isWriting(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") goTo(key === "j" ? 1 : -1);
    else if ("arxto".includes(key) && key.length === 1) act(key);
    else return;
    event.preventDefault();
  });
}
