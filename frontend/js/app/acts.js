// What stands under a post. A press on a mark changes the row in its place and the focus stays; "More" opens a panel
// below the post, which Esc, "Close" and a second press shut again. Without this script they are buttons and links.
import htmx from "htmx.org";

/** The place below a post in which `panel` stands, and the link that opened it. */
function opener(panel) {
  const place = panel.closest('[id^="at-"]');
  return { place, link: place && document.querySelector(`#acts-${place.id.slice(3)} [data-more]`) };
}

function close(panel) {
  const { place, link } = opener(panel);
  if (!place) return false;
  place.replaceChildren();
  link?.removeAttribute("aria-expanded");
  link?.focus();
  return true;
}

/** Send one press; the row of the post that it was for is put in place of the old one. */
async function press(form, button) {
  const panel = button.closest("[data-panel]");
  const row = panel ? document.getElementById(`acts-${opener(panel).place?.id.slice(3)}`) : button.closest(".acts");
  const answer = await fetch(button.formAction, {
    method: "POST",
    body: new FormData(form),
    headers: { "HX-Request": "true" },
    redirect: "error",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = document.createRange().createContextualFragment(await answer.text()).firstElementChild;
  const at = [...row.querySelectorAll("button")].indexOf(button);
  row.replaceWith(fresh);
  htmx.process(fresh);
  const more = fresh.querySelector("[data-more]");
  if (panel) {
    close(panel);
    await htmx.ajax("GET", more.href, { target: more.getAttribute("hx-target"), source: more });
  } else {
    fresh.querySelectorAll("button")[at]?.focus();
  }
}

export function start() {
  document.addEventListener("submit", (event) => {
    const { target: form, submitter: button } = event;
    if (form.id !== "deed" || !button?.matches("[aria-pressed]") || button.dataset.plain !== undefined) return;
    event.preventDefault();
    press(form, button).catch(() => {
      button.dataset.plain = ""; // once more, as a page: it says what is wrong
      form.requestSubmit(button);
    });
  });
  document.addEventListener("keydown", (event) => {
    const panel = event.key === "Escape" && event.target.closest?.("[data-panel]");
    if (panel && close(panel)) event.preventDefault();
  });
  document.addEventListener(
    "click",
    (event) => {
      const more = event.target.closest?.("[data-more]");
      const shut = event.target.closest?.("[data-panel] [data-closes]");
      const open = more && document.querySelector(`${more.getAttribute("hx-target")} > .more-acts`);
      const panel = shut?.closest("[data-panel]") ?? open;
      if (!panel || !close(panel)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
}

export function enhance() {
  for (const more of document.querySelectorAll("[data-more]")) {
    const open = document.querySelector(`${more.getAttribute("hx-target")} > .more-acts`);
    if (open) more.setAttribute("aria-expanded", "true");
    else more.removeAttribute("aria-expanded");
  }
}
