// Asks now and then whether others have written; a page nobody looks at does not ask.
import htmx from "htmx.org";
import { announce } from "./notices.js";

const EVERY = 20_000;
const SLOWEST = 300_000;

const started = new WeakSet();

function follow(element) {
  let wait = EVERY;
  let etag = element.dataset.pulseEtag;
  let timer;
  const ask = async () => {
    clearTimeout(timer);
    if (!element.isConnected) return;
    if (document.hidden) return; // asked again when the page is looked at
    try {
      const headers = { "HX-Request": "true", ...(etag && { "If-None-Match": etag }) };
      const answer = await fetch(element.dataset.pulseUrl, { headers, cache: "no-store" });
      if (answer.status === 200) {
        etag = answer.headers.get("ETag") ?? etag;
        put(element, await answer.text());
      } else if (answer.status !== 304 && answer.status !== 204) {
        throw new Error(`the pulse was answered ${answer.status}`);
      }
      wait = EVERY;
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
    }
    timer = setTimeout(ask, wait * (0.9 + Math.random() / 5)); // not everybody at the same moment
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  timer = setTimeout(ask, wait);
}

/** Parts with a name of their own go where the page has that name; the rest is for the element that asked. */
function put(element, html) {
  const parsed = new DOMParser().parseFromString(html, "text/html").body;
  const said = [...parsed.querySelectorAll("[data-pulse]")].map(renew);
  if (parsed.textContent.trim() !== element.textContent.trim()) {
    element.replaceChildren(...[...parsed.childNodes].map((node) => document.importNode(node, true)));
    htmx.process(element);
    said.unshift(element.textContent);
  }
  announce(said.filter(Boolean).join(" "));
}

/** Bring a named part up to date, without taking the focus away from it; gives what is to be said: that it counts more. */
function renew(fresh) {
  fresh.remove();
  const old = document.querySelector(`[data-pulse="${CSS.escape(fresh.dataset.pulse)}"]`);
  if (!old) return "";
  const rose = Number(fresh.dataset.count) > Number(old.dataset.count);
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  old.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  return rose ? (old.querySelector(".only-heard") ?? old).textContent : "";
}

export function enhance() {
  for (const element of document.querySelectorAll("[data-pulse-url]")) {
    if (started.has(element)) continue;
    started.add(element);
    follow(element);
  }
}
