// What goes wrong is said beside what was tried, and nothing that was there goes away.
import { announce } from "./notices.js";
import { words } from "./words.js";

/** Show `content` (nodes) above the form or control that was used. */
function show(source, content) {
  const place = source?.isConnected ? source.closest("form") ?? source : document.getElementById("notices");
  if (!place) return;
  place.parentElement?.querySelector(":scope > .notice[data-error]")?.remove();
  const notice = document.createElement("div");
  notice.className = "notice bad";
  notice.dataset.error = "";
  notice.tabIndex = -1;
  notice.append(...content);
  place.before(notice);
  notice.focus({ preventScroll: true });
  notice.scrollIntoView({ block: "nearest" });
  announce(notice.textContent);
}

/** Say `text` beside `source`, a form or a link that was used. */
export function complain(source, text) {
  show(source, [document.createTextNode(text)]);
}

/** The words of an error page or an error partial. */
function wordsOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const problem = page.querySelector(".problem");
  return problem ? [document.importNode(problem, true)] : [document.createTextNode(words("failed"))];
}

/** A field looks something up while somebody types. It is a help: where it fails, or comes too late, nobody is told. */
async function orNothing(looked) {
  const nothing = new Response(null, { status: 204 });
  try {
    const answer = await looked;
    return answer.ok ? answer : nothing;
  } catch {
    return nothing;
  }
}

export function start() {
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    const status = ctx?.response?.status ?? 200;
    if (status < 400 || ctx.hx?.reswap) return;
    if (status === 422 && !ctx.text?.includes("data-error")) return; // the form again, with its errors
    event.preventDefault();
    show(ctx.sourceElement, wordsOf(ctx.text ?? ""));
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx) show(event.detail.ctx.sourceElement, [document.createTextNode(words("offline"))]);
  });
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    if (!ctx?.sourceElement?.matches("input")) return;
    const { fetch } = ctx;
    ctx.fetch = (...request) => orNothing(fetch(...request));
  });
  // The next try begins without the words about the last one.
  document.addEventListener("htmx:before:request", (event) => {
    const source = event.detail.ctx?.sourceElement;
    if (source?.matches("input")) return; // that was no try
    const place = source?.closest("form") ?? source;
    place?.parentElement?.querySelector(":scope > .notice[data-error]")?.remove();
  });
}
