// One polite live region speaks for the page; what appears in #notices is said there too.

let timer;

/** Say `text` to people who hear the page. */
export function announce(text) {
  const live = document.getElementById("live");
  const said = text.replace(/\s+/g, " ").trim();
  if (!live || !said) return;
  live.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(() => { live.textContent = said; }, 150); // an empty region first, or the same words are not said twice
}

export function arrive() {
  const notices = document.getElementById("notices");
  if (!notices) return;
  announce(notices.textContent);
  new MutationObserver(() => announce(notices.textContent)).observe(notices, { childList: true, subtree: true });
}
