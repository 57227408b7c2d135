// Pages in a frame whose browser keeps no cookie of ours. The sign-in is a token in this module, sent in a header of every
// request to our own origin and never in an address; so links and forms are fetched here, and what comes back is put into
// the page. Without a token all of this sleeps, and pages are pages.
import htmx from "htmx.org";
import { leave, settleAll } from "./drafts.js";
import { toTop } from "./frame.js";
import { announce } from "./notices.js";
import { openTab } from "./newtab.js";
import { complain } from "./trouble.js";
import { words } from "./words.js";

const KEPT = "lmssocial:bearer:";
const PLACE = /\/w\/\d+|\/lti\/(?:activity|picker)\/[^/]+/; // what one sign-in is for
const FILE = /\/w\/\d+\/files\/\d+$/;
const HOPS = 10; // redirects in a row, as browsers count them

let token = "";
let state = ""; // what a cookie would keep, signed by the server
let turn = 0; // of two clicks the later one counts
let shown = "";
const loaded = new Set(); // scripts of pages
const sent = new WeakSet(); // forms on their way

const isOurs = (address) => new URL(address, location.href).origin === location.origin;
const pathOf = (url) => url.pathname + url.search;
const placeOf = (url) => PLACE.exec(new URL(url, location.href).pathname)?.[0];

/** Remember the token for a reload, where the browser lets us; it dies with the tab. */
function remember(url) {
  const place = placeOf(url);
  try {
    if (place) sessionStorage.setItem(KEPT + place, token);
  } catch {
    // then a reload says to open the activity in the course again
  }
}

function remembered(url) {
  const place = placeOf(url);
  try {
    const kept = place && sessionStorage.getItem(KEPT + place);
    if (kept) sessionStorage.removeItem(KEPT + place); // if it is good no more, it is tried once
    return kept;
  } catch {
    return null;
  }
}

/** The headers that a request to `address` needs beside its own; none without a token, none to others. */
export function bearing(address) {
  if (!token || !isOurs(address)) return {};
  return { Authorization: `Bearer ${token}`, ...(state && { "X-Frame-State": state }) };
}

/** Make every fetch carry the token, also htmx's. */
function wrapFetch() {
  const plain = window.fetch.bind(window);
  window.fetch = async (input, init = {}) => {
    const extra = bearing(input instanceof Request ? input.url : input);
    const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined));
    for (const [name, value] of Object.entries(extra)) headers.set(name, value);
    const answer = await plain(input, { ...init, headers });
    if (extra.Authorization) state = answer.headers.get("X-Frame-State") ?? state;
    return answer;
  };
}

/** Send what has to arrive although the page goes; says whether it was taken. */
export function sendBeacon(address, body) {
  if (!token) return navigator.sendBeacon(address, body);
  fetch(address, { method: "POST", body, keepalive: true }).catch(() => {});
  return true;
}

/** Ask for the page once more. */
export function again() {
  if (token) walk(location.href, { how: "replace" });
  else location.reload();
}

/** Signed in by `bearer`: go on to `address`, and stay in this document from now on. */
export async function enter(bearer, address) {
  const first = !token;
  token = bearer;
  state = "";
  if (first) {
    wrapFetch();
    listen();
  }
  await walk(address, { how: "replace" });
}

/** Fetch a page of ours and show it. `how` it is noted in the history: push, replace or not (keep). */
async function walk(address, { method = "GET", body, how = "push", source } = {}) {
  const mine = (turn += 1);
  let url = new URL(address, location.href);
  try {
    await settleAll();
    for (let hop = 0; hop < HOPS; hop += 1) {
      const answer = await fetch(url, { method, body, headers: { "X-Frame-Walk": "1" }, cache: "no-store" });
      if (mine !== turn) return;
      const onward = answer.headers.get("X-Frame-Onward");
      if (!onward) {
        await take(answer, url, method === "GET" ? how : "keep");
        return;
      }
      const { hash } = url;
      url = new URL(onward, url);
      url.hash ||= hash;
      if (!isOurs(url)) {
        location.assign(url);
        return;
      }
      [method, body] = ["GET", undefined];
    }
    throw new Error("too many redirects");
  } catch (problem) {
    if (mine === turn) complain(source, words("offline"));
    console.warn(problem);
  } finally {
    if (source) sent.delete(source);
  }
}

async function take(answer, url, how) {
  const [type, disposition] = ["Content-Type", "Content-Disposition"].map((name) => answer.headers.get(name) ?? "");
  if (!type.startsWith("text/html") || disposition.startsWith("attachment")) {
    save(await answer.blob(), disposition);
    return;
  }
  const html = await answer.text();
  if (how === "push" && pathOf(url) !== shown) history.pushState(null, "", url);
  else if (how !== "keep") history.replaceState(null, "", url);
  if (how !== "keep") shown = pathOf(url);
  if (answer.status !== 401) remember(url);
  show(html, url.hash);
  if (how === "push" && !url.hash) toTop();
}

/** Give a file to the browser to keep. */
function save(blob, disposition) {
  const link = document.createElement("a");
  const name = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1] ?? /filename="?([^";]+)/i.exec(disposition)?.[1];
  link.href = URL.createObjectURL(blob);
  link.download = name ? decodeURIComponent(name) : "";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Put a page in the place of this one. */
export function show(html, hash = "") {
  const page = new DOMParser().parseFromString(html, "text/html");
  const scripts = [...page.querySelectorAll('script[type="module"][src]')].map((script) => script.getAttribute("src"));
  page.querySelectorAll("script").forEach((script) => script.remove());
  page.querySelectorAll("img[src]").forEach(holdBack);
  leave();
  document.title = page.title;
  for (const name of ["lang", "dir"]) document.documentElement.setAttribute(name, page.documentElement.getAttribute(name) ?? "");
  for (const { name } of [...document.body.attributes]) document.body.removeAttribute(name);
  for (const { name, value } of page.body.attributes) document.body.setAttribute(name, value);
  document.body.replaceChildren(...page.body.childNodes);
  htmx.process(document.body);
  goTo(hash);
  document.dispatchEvent(new Event("lmssocial:arrived"));
  for (const address of scripts) {
    if (loaded.has(address) || document.head.querySelector(`script[src="${CSS.escape(address)}"]`)) continue;
    loaded.add(address);
    import(new URL(address, location.href).href).catch((problem) => console.error(problem));
  }
  announce(document.title);
}

function goTo(hash) {
  document.getElementById("content")?.focus({ preventScroll: true });
  if (document.getElementById(decodeURIComponent(hash.slice(1)))) {
    location.replace(hash); // the browser scrolls there and marks it
    return;
  }
  window.scrollTo(0, 0);
}

/** A picture of ours is asked for by its rights, and loaded from the address it has for some minutes. */
function holdBack(picture) {
  if (!FILE.test(new URL(picture.getAttribute("src"), location.href).pathname)) return;
  picture.dataset.file = picture.getAttribute("src");
  picture.removeAttribute("src");
}

async function addressOf(file) {
  const answer = await fetch(file, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).url;
}

/** What a link means that is clicked: nothing to us, our own page here, a file, or a tab of its own. */
function meaningOf(link, event) {
  const url = new URL(link.href, location.href);
  if (!/^https?:$/.test(url.protocol) || !isOurs(url) || link.hasAttribute("hx-get")) return null;
  if (FILE.test(url.pathname)) return openFile;
  const aside = event.button === 1 || event.ctrlKey || event.metaKey || event.shiftKey;
  if (aside || (link.target && link.target !== "_self")) return placeOf(url)?.startsWith("/w/") ? openAside : null;
  return pathOf(url) === shown && url.hash ? null : (target) => walk(target, { source: link });
}

/** A file in a tab, which its own address needs no sign-in for; a tab is opened while the click still counts. */
async function openFile(url) {
  const tab = window.open("about:blank", "_blank");
  try {
    const address = await addressOf(url);
    if (tab) tab.location.replace(new URL(address, location.href));
    else location.assign(address);
  } catch {
    tab?.close();
    walk(url); // it says what is wrong
  }
}

function openAside(url) {
  const form = document.querySelector("form[data-new-tab]");
  const path = pathOf(url) + url.hash;
  if (form) openTab(form, path.slice(path.indexOf("/w/")));
}

function follow(event) {
  if (event.defaultPrevented || event.altKey || event.button > 1) return;
  const link = event.target.closest?.("a[href]");
  const deed = link && meaningOf(link, event);
  if (!deed) return;
  event.preventDefault();
  deed(new URL(link.href, location.href));
}

/** What a form says without its files, of which only names are sent (HTML, "URL-encoded form data"). */
const inWords = (filled) => new URLSearchParams([...filled].map(([name, value]) => [name, value.name ?? value]));

function submit(event) {
  const { target: form, submitter } = event;
  const given = (name) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? "";
  const url = new URL(given("action") || location.href, location.href);
  if (event.defaultPrevented || !isOurs(url)) return;
  event.preventDefault();
  if (sent.has(form)) return; // pressed twice
  sent.add(form);
  const filled = new FormData(form, submitter);
  if (given("method").toLowerCase() === "post") {
    const body = given("enctype") === "multipart/form-data" ? filled : inWords(filled);
    walk(url, { method: "POST", body, source: form });
  } else {
    url.search = inWords(filled);
    walk(url, { source: form });
  }
}

function listen() {
  shown = pathOf(location);
  document.addEventListener("click", follow);
  document.addEventListener("auxclick", follow);
  document.addEventListener("submit", submit);
  addEventListener("popstate", () => { if (pathOf(location) !== shown) walk(location.href, { how: "replace" }); });
}

export function start() {
  // Loaded anew: without a cookie the server does not know who this is.
  const kept = document.querySelector("[data-signed-out]") && remembered(location.href);
  if (kept) enter(kept, location.href);
}

export function enhance() {
  if (!token) return;
  for (const picture of document.querySelectorAll("img[src]")) holdBack(picture);
  for (const picture of document.querySelectorAll("img[data-file]")) {
    const file = picture.dataset.file;
    picture.removeAttribute("data-file");
    addressOf(file).then((address) => { picture.src = address; }, () => { picture.removeAttribute("src"); });
  }
}
