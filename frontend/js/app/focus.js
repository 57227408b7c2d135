// After something new was put into the page, the focus goes where the reader would look: the new post, the first error.

/** Elements that had their turn, so that the next swap does not go back to them. */
const seen = new WeakSet();

function goTo(element) {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

export function enhance() {
  // What scrolls sideways has to be reached by keys, also where the browser does not see to it.
  for (const box of document.querySelectorAll(".prose pre, .table-frame, .prose div.math")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
  const fresh = [...document.querySelectorAll("[data-focus]")].filter((element) => !seen.has(element));
  fresh.forEach((element) => seen.add(element));
  if (fresh.length) {
    goTo(fresh[0]);
    return;
  }
  const wrong = [...document.querySelectorAll('[aria-invalid="true"]')].filter((element) => !seen.has(element));
  wrong.forEach((element) => seen.add(element));
  if (wrong.length) goTo(wrong[0]);
}

export function start() {
  // "Show more" goes away with its click: on to the first of what came.
  let last = null;
  document.addEventListener("htmx:before:swap", (event) => {
    last = event.detail.ctx?.sourceElement?.closest?.(".more")?.previousElementSibling ?? null;
  });
  document.addEventListener("htmx:after:swap", () => {
    last?.nextElementSibling?.querySelector("a, [tabindex]")?.focus();
    last = null;
  });
  // A link in an error summary leads to a field: into it, not only near it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('.errors a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    goTo(field.matches("fieldset") ? field.querySelector("input") ?? field : field);
  });
}
