// "Open in a new tab" in one click. The tab is opened at once, while the click still counts as the person's wish, and
// sent on its way when the code has come. Without this script the form's own answer is a page with the link.
export function start() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-new-tab]")) return;
    const tab = window.open("about:blank", "_blank");
    if (!tab) return; // pop-ups are blocked: let the form be sent, its page has a link
    event.preventDefault();
    try {
      tab.opener = null;
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      tab.location.replace(new URL((await answer.json()).url, location.href));
    } catch {
      tab.close();
      form.removeAttribute("data-new-tab");
      form.submit();
    }
  });
}
