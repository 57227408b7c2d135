// What a text field learns when somebody begins to write in it: names behind an @, tags behind a #, tables and links that
// are pasted. Loaded then, and not before; without it everything can be typed.
import "@github/text-expander-element";
import { subscribe } from "@github/paste-markdown";
import { announce } from "./notices.js";
import { pasteTable } from "./tables.js";
import { words } from "./words.js";

const known = new WeakSet();
const answers = new Map(); // address → what it offered

/** What may be meant by `text` behind `key`: [{value, name, note}]. */
async function offered(expander, key, text) {
  const begun = text.trim();
  const address = key === "@" ? expander.dataset.people : expander.dataset.tags;
  if (!begun || !address || text.startsWith(" ")) return [];
  // Where nothing begins with "ana t", nothing begins with "ana th": a sentence behind a name asks nobody.
  for (let end = 1; end < begun.length; end += 1) {
    if (answers.get(`${address}?q=${encodeURIComponent(begun.slice(0, end))}`)?.length === 0) return [];
  }
  const url = `${address}?q=${encodeURIComponent(begun)}`;
  if (!answers.has(url)) {
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok) return [];
      answers.set(url, await answer.json());
    } catch {
      return []; // names can be typed
    }
  }
  return answers.get(url);
}

function listOf(found, key) {
  const list = document.createElement("ul");
  list.className = "names";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words("names"));
  for (const [number, { value, name, note }] of found.entries()) {
    const item = document.createElement("li");
    const shown = document.createElement("bdi");
    const more = document.createElement("span");
    item.id = `name-${number}`;
    item.setAttribute("role", "option");
    item.dataset.value = key + value;
    shown.textContent = name;
    more.className = "soft";
    more.textContent = note;
    item.append(shown, " ", more);
    list.append(item);
  }
  return list;
}

/** Make a field ready; whoever is in it notices nothing. */
export function equip(area) {
  if (known.has(area)) return;
  known.add(area);
  area.addEventListener("paste", pasteTable);
  subscribe(area);
  const expander = area.closest("text-expander");
  if (!expander) return;
  let latest = "";
  expander.addEventListener("text-expander-change", (event) => {
    const { key, text, provide } = event.detail;
    latest = key + text;
    provide(offered(expander, key, text).then((found) => {
      if (!found.length || latest !== key + text) return { matched: false };
      announce(words("suggested", { num: found.length }));
      return { matched: true, fragment: listOf(found, key) };
    }));
  });
  expander.addEventListener("text-expander-activate", () => queueMicrotask(() => {
    // A field of several lines stays one: it may name its list and what is chosen there, and is no combination of both.
    area.removeAttribute("role");
    area.removeAttribute("aria-expanded");
  }));
  expander.addEventListener("text-expander-value", (event) => {
    event.detail.value = event.detail.item.dataset.value;
  });
  expander.addEventListener("text-expander-committed", () => {
    area.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is saved
  });
  expander.dataset.ready = "";
}
