// Writing: the toolbar appears, Ctrl+Enter sends, and a composer that is open is never thrown away.
import { settle } from "./drafts.js";

export function enhance() {
  for (const toolbar of document.querySelectorAll("markdown-toolbar[hidden]")) toolbar.hidden = false;
}

function goInto(form) {
  const area = form.querySelector("textarea.composer-text");
  area.focus({ preventScroll: true });
  area.scrollIntoView({ block: "nearest" });
}

export function start() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const form = event.target.closest?.("form[data-ctrl-enter]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button.primary") ?? undefined);
  });
  document.addEventListener("focusin", async ({ target }) => {
    if (!target.matches?.("textarea.composer-text")) return;
    try {
      (await import("./extras.js")).equip(target);
    } catch {
      // writing goes on without them
    }
  });
  // "Reply" to what the composer at the end of the page answers: into it.
  document.addEventListener("click", (event) => {
    const form = event.target.closest?.('a[href="#answer"]') && document.querySelector("#answer form");
    if (!form) return;
    event.preventDefault();
    goInto(form);
  });
  // What is about to take the place of a composer waits until the words in it are saved.
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const form = ctx.target?.querySelector?.("form[data-draft-url]");
    if (!form || form.contains(ctx.sourceElement)) return;
    if (ctx.sourceElement.href === form.action) {
      event.preventDefault(); // it is what was asked for
      goInto(form);
      return;
    }
    const { fetch } = ctx;
    ctx.fetch = async (...request) => {
      if (!(await settle(form))) throw new Error("the words in the composer could not be saved");
      return fetch(...request);
    };
  });
}
