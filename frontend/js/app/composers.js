// Writing: the toolbar appears, Ctrl+Enter sends.

export function enhance() {
  for (const toolbar of document.querySelectorAll("markdown-toolbar[hidden]")) toolbar.hidden = false;
}

export function start() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const form = event.target.closest?.("form[data-ctrl-enter]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button.primary") ?? undefined);
  });
}
