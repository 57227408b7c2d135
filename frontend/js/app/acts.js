// What stands under a post. A press on a mark changes the row in its place and the focus stays; what a link with
// data-below leads to opens below the post; "More" opens a panel there, which Esc, "Close" and a second press shut again.
// Without this script they are buttons and links.
import htmx from "htmx.org";
import { again } from "./bearer.js";

const number = (row) => row.id.slice("acts-".length);

/** The place below the post that `row` belongs to. */
const below = (row) => document.getElementById(`at-${number(row)}`);

/** The row of the post below which `panel` stands. */
const rowOf = (panel) => document.getElementById(`acts-${panel.closest('[id^="at-"]')?.id.slice("at-".length)}`);

function open(link) {
  return htmx.ajax("GET", link.getAttribute("href"), { source: link, target: below(link.closest(".acts")) });
}

function close(panel) {
  const row = rowOf(panel);
  if (!row) return false;
  below(row).replaceChildren();
  const link = row.querySelector("[data-more]");
  link?.setAttribute("aria-expanded", "false");
  link?.focus();
  return true;
}

/** Send one press; the row of the post that it was for is put in place of the old one. */
async function press(form, button) {
  const panel = button.closest("[data-panel]");
  const row = panel ? rowOf(panel) : button.closest(".acts");
  const answer = await fetch(button.formAction, {
    method: "POST",
    body: new FormData(form),
    headers: { "HX-Request": "true" },
    redirect: "error",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = document.createRange().createContextualFragment(await answer.text()).querySelector(".acts");
  const at = [...row.querySelectorAll("button")].indexOf(button);
  row.replaceWith(fresh);
  if (!panel) {
    fresh.querySelectorAll("button")[at]?.focus();
    return;
  }
  const deed = button.formAction.replace(/\/undo$/, "");
  await open(fresh.querySelector("[data-more]"));
  const same = [...below(fresh).querySelectorAll("button")].find((one) => one.formAction.replace(/\/undo$/, "") === deed);
  same?.focus();
}

/** Whether a click asks for nothing but what a click does. */
const isPlain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

export function start() {
  document.addEventListener("submit", (event) => {
    const { target: form, submitter: button } = event;
    if (form.id !== "deed" || !button?.matches("[aria-pressed]") || button.dataset.plain !== undefined) return;
    if (!button.closest('[id^="acts-"], [id^="at-"]')) return;
    event.preventDefault();
    press(form, button).catch(() => {
      button.dataset.plain = ""; // once more, as a page: it says what is wrong
      if (button.isConnected) form.requestSubmit(button);
      else again();
    });
  });
  document.addEventListener("keydown", (event) => {
    const panel = event.key === "Escape" && event.target.closest?.("[data-panel]");
    if (panel && close(panel)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || !isPlain(event)) return;
    const link = event.target.closest?.("a[data-below]");
    const shut = event.target.closest?.("[data-panel] [data-closes]");
    const panel = link?.matches("[data-more]")
      ? below(link.closest(".acts"))?.querySelector(":scope > .more-acts")
      : shut?.closest("[data-panel]");
    if (panel ? close(panel) : link && open(link)) event.preventDefault();
  });
}

export function enhance() {
  for (const more of document.querySelectorAll("[data-more]")) {
    const panel = below(more.closest(".acts"))?.querySelector(":scope > .more-acts");
    more.setAttribute("aria-expanded", String(Boolean(panel)));
  }
}
