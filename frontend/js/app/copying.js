// A button that copies what stands in another element; shown only where scripts run.
import { announce } from "./notices.js";
import { words } from "./words.js";

export function enhance() {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

export function start() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    const source = button && document.getElementById(button.dataset.copy);
    if (!source) return;
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
      button.textContent = words("copied");
      announce(words("copied"));
    } catch {
      // A frame may not be allowed to: select it, so that a key does it.
      if (source.select) source.select();
      else getSelection().selectAllChildren(source);
    }
  });
}
