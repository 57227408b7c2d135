// What somebody writes is saved on the server one second after they pause, and on the device when the server is away.
import { announce } from "./notices.js";
import { clockTime, words } from "./words.js";

const PAUSE = 1000;

/** form → {dirty, timer, saving, seq, over}: what is known about each form that is being written in. */
const states = new WeakMap();
const open = new Set();

function stateOf(form) {
  if (!states.has(form)) {
    // The number the server has; ours rises from there, so a tab that was left behind comes too late and is refused.
    states.set(form, { dirty: false, saving: false, over: false, seq: Number(form.dataset.draftSeq ?? 0) });
    open.add(form);
  }
  return states.get(form);
}

const keyOf = (form) => `lmssocial:draft:${document.body.dataset.viewer ?? ""}:${form.dataset.draftUrl}`;
const textOf = (form) => form.querySelector("textarea:not([readonly])");

function keep(form) {
  try {
    localStorage.setItem(keyOf(form), textOf(form).value);
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

function mark(form, text) {
  const place = form.querySelector("[data-saved]");
  if (place) place.textContent = text;
}

async function save(form) {
  const state = stateOf(form);
  if (state.over || !form.isConnected) return;
  if (state.saving) {
    state.timer = setTimeout(() => save(form), PAUSE);
    return;
  }
  const sent = textOf(form)?.value;
  state.saving = true;
  state.seq += 1;
  try {
    const body = new URLSearchParams(new FormData(form));
    body.set("seq", state.seq);
    const answer = await fetch(form.dataset.draftUrl, { method: "POST", body, headers: { "HX-Request": "true" } });
    if (answer.status === 409) {
      state.over = true;
      mark(form, words("elsewhere"));
      announce(words("elsewhere"));
      keep(form);
    } else if (answer.ok) {
      forget(form);
      state.dirty = textOf(form)?.value !== sent;
      mark(form, words("saved", { time: clockTime() }));
    } else {
      throw new Error(`the draft was answered ${answer.status}`);
    }
  } catch {
    if (keep(form)) mark(form, words("kept"));
    else mark(form, words("unsaved"));
  } finally {
    state.saving = false;
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
    const area = textOf(form);
    let kept = null;
    try {
      kept = localStorage.getItem(keyOf(form)); // only there if the server never got it
    } catch {
      continue;
    }
    if (area && kept && kept !== area.value) {
      area.value = kept;
      mark(form, words("restored"));
    }
  }
}

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
    const state = states.get(event.target);
    if (!state) return;
    clearTimeout(state.timer);
    state.leaving = true; // sending is no leaving
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { ctx } = event.detail;
    const form = ctx?.sourceElement;
    if (form?.matches?.("form") && states.has(form)) {
      states.get(form).leaving = false;
      if (ctx.response && ctx.response.status < 400) done(form);
    }
  });
  window.addEventListener("pagehide", () => {
    for (const form of open) if (states.get(form).leaving) done(form);
  });
  window.addEventListener("beforeunload", (event) => {
    for (const form of open) {
      const state = states.get(form);
      const asks = form.isConnected && (form.dataset.unsaved !== undefined || state.over);
      if (asks && state.dirty && !state.leaving) event.preventDefault();
    }
  });
}
