// "Open in a new tab" in one click. The tab is opened at once, while the click still counts as the person's wish, and
// sent on its way when the code has come. Without this script the form's own answer is a page with the link.

/** Open a tab by `form`, at `path` of the activity if one is given; says whether the browser let us open one. */
export function openTab(form, path = "") {
  const tab = window.open("about:blank", "_blank");
  if (tab) sendOn(tab, form, path);
  return Boolean(tab);
}

async function sendOn(tab, form, path) {
  try {
    tab.opener = null;
    const body = new FormData(form);
    if (path) body.set("to", path);
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    tab.location.replace(new URL((await answer.json()).url, location.href));
  } catch {
    tab.close();
    form.removeAttribute("data-new-tab");
    form.requestSubmit();
  }
}

export function start() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-new-tab]")) return;
    if (openTab(event.target)) event.preventDefault(); // else pop-ups are blocked: the form's page has a link
  });
}
