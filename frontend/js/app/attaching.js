// Files dropped, pasted or chosen go to the server at once; pictures after somebody has said what they show.
import "@github/file-attachment-element";
import { bearing } from "./bearer.js";
import { announce } from "./notices.js";
import { words } from "./words.js";

/** panel → files that wait, the first of them being the one that is asked about or on its way. */
const waiting = new WeakMap();

const partsOf = (panel) => ({
  form: panel.closest("form"),
  input: panel.querySelector('input[type="file"]'),
  alt: panel.querySelector('input[type="text"]'),
  decorative: panel.querySelector('input[type="checkbox"]'),
  button: panel.querySelector('button[name="attach"]'),
});

function say(panel, ...texts) {
  const place = panel.querySelector("[data-attach-said]");
  place.replaceChildren(...texts.map((text, number) => {
    const line = document.createElement("p");
    line.textContent = text;
    if (number) line.className = "warned";
    return line;
  }));
  announce(texts.join(" "));
}

/** Where the text goes on: with what was attached, on lines of its own. */
function insert(area, markdown) {
  const { selectionEnd: at, value } = area;
  const before = value.slice(0, at).replace(/\n*$/, "");
  const after = value.slice(at).replace(/^\n*/, "");
  const start = before ? `${before}\n\n${markdown}\n` : `${markdown}\n`;
  area.value = after ? `${start}\n${after}` : start;
  area.setSelectionRange(start.length, start.length);
  area.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is saved
}

/** Send one file: answers {status, body}, or null if no answer came. */
function send(panel, file) {
  const { form, alt, decorative } = partsOf(panel);
  const body = new FormData();
  body.set("csrf_token", form.elements.namedItem("csrf_token").value);
  body.set("file", file, file.name || "file");
  body.set("alt", alt.value);
  if (decorative.checked) body.set("decorative", "y");
  return new Promise((resolve) => {
    const request = new XMLHttpRequest(); // fetch cannot tell how much was sent
    request.open("POST", panel.dataset.attach);
    for (const [name, value] of Object.entries(bearing(panel.dataset.attach))) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const percent = Math.floor((100 * loaded) / (total || 1));
      const text = percent < 100 ? words("attaching", { name: file.name, percent }) : words("checking", { name: file.name });
      panel.querySelector("[data-attach-said]").textContent = text; // not announced: it changes all the time
    });
    request.addEventListener("load", () => resolve({ status: request.status, body: request.response }));
    request.addEventListener("error", () => resolve(null));
    request.send(body);
  });
}

async function attach(panel) {
  const [file] = waiting.get(panel) ?? [];
  const { form, alt, decorative, button } = partsOf(panel);
  if (!file || button.disabled) return;
  button.disabled = true;
  say(panel, words("attaching", { name: file.name, percent: 0 }));
  const answer = await send(panel, file);
  button.disabled = false;
  if (answer?.status === 201) {
    insert(form.querySelector("textarea.composer-text"), answer.body.markdown);
    alt.value = "";
    decorative.checked = false;
    done(panel, words("attached", { name: answer.body.name }), ...answer.body.messages);
    if (!waiting.get(panel).length) form.querySelector("textarea.composer-text").focus({ preventScroll: true }); // writing goes on
  } else if (answer?.body?.message) {
    const undescribed = file.type.startsWith("image/") && !alt.value.trim() && !decorative.checked;
    say(panel, answer.body.message);
    if (undescribed) alt.focus();
    else done(panel, answer.body.message);
  } else {
    const signedOut = answer?.status === 401;
    say(panel, answer ? words(signedOut ? "signedout" : "failed") : words("unattached", { name: file.name }));
  }
}

/** The first file is dealt with; go on with the next. */
function done(panel, ...texts) {
  const rest = waiting.get(panel).slice(1);
  waiting.set(panel, rest);
  say(panel, ...texts);
  if (rest.length) next(panel);
}

/** A way back, for whoever chose the wrong picture. */
function leavingOut(panel, file) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "act";
  button.textContent = words("leaveout", { name: file.name });
  button.addEventListener("click", () => {
    const { form, input } = partsOf(panel);
    input.value = "";
    done(panel, words("leftout", { name: file.name }));
    if (!waiting.get(panel).length) form.querySelector("textarea.composer-text").focus({ preventScroll: true });
  });
  return button;
}

/** A picture has to be described first, unless that was done already; anything else is sent. */
function next(panel) {
  const [file] = waiting.get(panel);
  const { alt, decorative } = partsOf(panel);
  if (!file.type.startsWith("image/") || alt.value.trim() || decorative.checked) {
    attach(panel);
    return;
  }
  say(panel, words("describe", { name: file.name }));
  panel.querySelector("[data-attach-said]").append(leavingOut(panel, file));
  alt.focus();
}

function take(panel, files) {
  panel.open = true;
  const limit = Number(partsOf(panel).input.dataset.limit);
  const tooLarge = files.filter((file) => file.size > limit);
  const others = files.filter((file) => file.size <= limit);
  const before = waiting.get(panel) ?? [];
  waiting.set(panel, [...before, ...others]);
  if (tooLarge.length) {
    say(panel, ...tooLarge.map(({ name }) => words("toolarge", { name, size: limit / 1_000_000 })));
  }
  if (!before.length && others.length) next(panel);
}

export function start() {
  document.addEventListener("file-attachment-accept", (event) => {
    const panel = event.target.querySelector("[data-attach]");
    if (!panel) return;
    event.preventDefault(); // the element would go on by itself
    take(panel, event.detail.attachments.map(({ file }) => file));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.('button[name="attach"]');
    const panel = button?.closest("[data-attach]");
    if (!panel || !waiting.get(panel)?.length) return; // nothing chosen: the server says so
    event.preventDefault();
    attach(panel);
  });
  document.addEventListener("keydown", (event) => {
    const panel = event.target.closest?.("[data-attach]");
    if (!panel || event.key !== "Enter" || event.target.type !== "text" || event.isComposing) return;
    event.preventDefault(); // Enter in the description attaches; it does not send the post
    if (waiting.get(panel)?.length) attach(panel);
  });
  // A picture that waits for its description would be left behind.
  document.addEventListener("submit", (event) => {
    const panel = event.target.querySelector?.("[data-attach]");
    if (!panel || event.submitter?.name === "preview" || !waiting.get(panel)?.length) return;
    if (event.submitter && event.submitter.form !== event.target) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    panel.open = true;
    next(panel);
  }, true);
}
