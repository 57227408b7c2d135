// What somebody writes is saved on the server one second after they pause, at once when they go on to something else,
// and on the device when the server is away.
import { sendBeacon } from "./bearer.js";
import { announce } from "./notices.js";
import { clockTime, words } from "./words.js";

const PAUSE = 1000;
const AGAIN = 15_000; // a save that failed is tried again after this, and when the network is back
const SIGNED_OUT = 401;
const REFUSED = { 409: "elsewhere", 410: "closed" }; // no later save will be taken either
const SENT = "lmssocial:sent"; // which kept text was sent last, while the server's answer is not known

/** form → {dirty, timer, saving, seq, over, failed, leaving}: what is known about each form that is written in. */
const states = new WeakMap();
const open = new Set();

function stateOf(form) {
  if (!states.has(form)) {
    // The number the server has; ours rises from there, so a tab that was left behind comes too late and is refused.
    states.set(form, { dirty: false, saving: null, over: false, seq: Number(form.dataset.draftSeq ?? 0) });
    open.add(form);
  }
  return states.get(form);
}

const keyOf = (form) => `lmssocial:draft:${document.body.dataset.viewer ?? ""}:${form.dataset.draftUrl}`;
const writtenIn = (form) => [...form.querySelectorAll('textarea:not([readonly]), input:is([type="text"], [type="radio"])')];
const isChoice = (field) => field.type === "radio";

function keep(form) {
  try {
    const filled = writtenIn(form).filter((field) => !isChoice(field) || field.checked);
    const written = Object.fromEntries(filled.map((field) => [field.name, field.value]));
    localStorage.setItem(keyOf(form), JSON.stringify(written));
    return true;
  } catch {
    return false; // a frame on another site may not be allowed to
  }
}

function forget(form) {
  try {
    localStorage.removeItem(keyOf(form));
  } catch {
    // as above
  }
}

/** What was kept of the form on this device: {name: text}, or null. It is there only if the server never got it. */
function keptOf(form) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(form)));
  } catch {
    return null; // no storage, or not ours
  }
}

function mark(form, text) {
  const place = form.querySelector("[data-saved]");
  if (place) place.textContent = text;
}

function bodyOf(form) {
  const body = new URLSearchParams(new FormData(form));
  body.set("seq", (stateOf(form).seq += 1));
  return body;
}

async function save(form) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  await state.saving;
  if (state.over || !state.dirty) return;
  state.saving = send(form, state);
  await state.saving;
}

async function send(form, state) {
  const body = bodyOf(form);
  state.dirty = false; // whatever is typed from here on is not in it
  try {
    const answer = await fetch(form.dataset.draftUrl, { method: "POST", body, headers: { "HX-Request": "true" } });
    const why = REFUSED[answer.status];
    if (why) {
      state.dirty = state.over = true;
      keep(form);
      mark(form, words(why));
      announce(words(why));
      return;
    }
    if (!answer.ok) throw new Error(`the draft was answered ${answer.status}`, { cause: answer.status });
    state.failed = false;
    forget(form);
    mark(form, words("saved", { time: clockTime() }));
  } catch (problem) {
    state.dirty = state.failed = true;
    const kept = keep(form);
    if (problem.cause === SIGNED_OUT) mark(form, words(kept ? "signedoutkept" : "signedout"));
    else {
      mark(form, words(kept ? "kept" : "unsaved"));
      clearTimeout(state.timer);
      state.timer = setTimeout(() => form.isConnected && save(form), AGAIN);
    }
  }
}

/** Save what is not saved yet. Says whether it is safe to take the form away. */
export async function settle(form) {
  await save(form);
  return !stateOf(form).dirty;
}

/** The page goes away: there is no time for an answer. */
function sendOff(form) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  const taken = navigator.onLine && !state.failed && sendBeacon(form.dataset.draftUrl, bodyOf(form));
  if (taken) state.dirty = false;
  else keep(form); // no network, nobody signed in, or too long a text for a beacon
}

/** The form is being sent. What only this device has stays there until the server's answer is seen. */
function sendOn(form) {
  const state = states.get(form);
  clearTimeout(state.timer);
  state.leaving = true; // sending is no leaving
  if (!state.failed || !keep(form)) return;
  try {
    sessionStorage.setItem(SENT, keyOf(form));
  } catch {
    // as in keep
  }
}

/** The page that answers a form that was sent: a notice says that it was taken, a problem or errors that it was not. */
function seeAnswer() {
  const refused = document.querySelector(".problem, .errors");
  if (!refused && !document.querySelector("#notices .notice")) return; // somewhere else, or no answer came
  try {
    const sent = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
    if (sent && !refused) localStorage.removeItem(sent);
  } catch {
    // as in keep
  }
}

/** The form was sent and taken: nothing here is unsaved any more. */
function done(form) {
  const state = states.get(form);
  if (state) {
    clearTimeout(state.timer);
    state.dirty = false;
  }
  open.delete(form);
  if (form.dataset.draftUrl) forget(form);
}

export function enhance() {
  for (const form of document.querySelectorAll("form[data-draft-url]")) {
    if (states.has(form)) continue;
    stateOf(form);
    const kept = keptOf(form) ?? {};
    const was = (field) => kept[field.name] ?? field.value;
    const changed = writtenIn(form).filter((field) => {
      if (!isChoice(field)) return was(field) !== field.value;
      return field.name in kept && kept[field.name] === field.value && !field.checked;
    });
    for (const field of changed) {
      if (isChoice(field)) field.checked = true;
      else field.value = was(field);
    }
    if (changed.length) mark(form, words("restored"));
  }
}

/** Forms that may have to be saved now, because nobody knows what comes next. */
const inHand = () => [...open].filter((form) => {
  const { dirty, leaving, over } = states.get(form);
  return form.isConnected && form.dataset.draftUrl && dirty && !leaving && !over;
});

/** Save what is not saved yet before another page is put in place of this one. */
export const settleAll = () => Promise.all(inHand().map(settle));

/** The page is left: what was sent is done with. */
export function leave() {
  for (const form of open) {
    const { leaving, failed } = states.get(form);
    if (leaving && !failed) done(form);
    else if (!form.isConnected) open.delete(form);
  }
}

export const arrive = seeAnswer;

export function start() {
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-draft-url], [data-unsaved]")) return;
    const state = stateOf(form);
    state.dirty = true;
    if (!form.dataset.draftUrl) return;
    clearTimeout(state.timer);
    state.timer = setTimeout(() => save(form), PAUSE);
  });
  document.addEventListener("submit", (event) => {
    // "Discard draft" stands in the form that is written in, and sends another.
    const written = event.submitter?.closest("form[data-draft-url]");
    if (written && written !== event.target) done(written);
    if (states.has(event.target)) sendOn(event.target);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { ctx } = event.detail;
    const form = ctx?.sourceElement;
    if (form?.matches?.("form") && states.has(form)) {
      states.get(form).leaving = false;
      if (ctx.response && ctx.response.status < 400) done(form);
    }
  });
  let gone = false; // a page that goes away is hidden after that, and what it would send then may be cut off
  window.addEventListener("pagehide", () => {
    gone = true;
    inHand().forEach(sendOff);
    leave();
  });
  window.addEventListener("pageshow", (event) => {
    gone = false;
    if (!event.persisted) return; // somebody went back, and the page is as they left it
    for (const form of document.querySelectorAll("form[data-draft-url]")) {
      stateOf(form).leaving = false;
      open.add(form);
    }
  });
  window.addEventListener("online", () => inHand().forEach(settle));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && !gone) inHand().forEach(settle);
  });
  window.addEventListener("beforeunload", (event) => {
    for (const form of open) {
      const state = states.get(form);
      const asks = form.isConnected && (form.dataset.unsaved !== undefined || state.over);
      if (asks && state.dirty && !state.leaving) event.preventDefault();
    }
  });
}
