// Choosing the words to take out: what is selected in the text, with the mouse or with Shift and the arrow keys, becomes
// one more passage of the list. Without this script the passages that policies marked, and a field, do the same.
import { announce } from "./notices.js";

/** Places count letters as the server does: a letter outside of the first 65,536 is two units here and one there. */
const letters = (text) => [...text].length;

function passage(form, text, start, end) {
  const chosen = form.querySelector("[data-chosen]");
  const value = `${start}-${end}`;
  const known = [...chosen.querySelectorAll("input")].find((input) => input.value === value);
  if (known) {
    known.checked = true;
    return known;
  }
  const row = document.createElement("div");
  const box = document.createElement("input");
  const label = document.createElement("label");
  row.className = "check";
  Object.assign(box, { type: "checkbox", name: chosen.dataset.name, value, checked: true, id: `chosen-${value}` });
  label.htmlFor = box.id;
  label.dir = "auto";
  label.textContent = text;
  row.append(box, label);
  chosen.append(row);
  chosen.hidden = false;
  return box;
}

export function enhance() {
  for (const form of document.querySelectorAll("form[data-redact]")) {
    const withScripts = form.querySelector("[data-with-scripts][hidden]");
    if (!withScripts) continue;
    withScripts.hidden = false;
    form.querySelector("[data-without-scripts]").hidden = true;
    const area = form.querySelector("textarea[readonly]");
    // Browsers give a field that is only read no cursor, and without one nobody selects by keyboard.
    area.readOnly = false;
    area.setAttribute("aria-readonly", "true");
    const { value: written } = area;
    area.addEventListener("beforeinput", (event) => event.preventDefault());
    area.addEventListener("input", () => { area.value = written; }); // input methods write all the same
    form.querySelector("[data-add]").addEventListener("click", () => {
      const { selectionStart, selectionEnd, value } = area;
      const text = value.slice(selectionStart, selectionEnd);
      if (!text.trim()) {
        area.focus();
        return;
      }
      const start = letters(value.slice(0, selectionStart));
      passage(form, text, start, start + letters(text));
      announce(form.querySelector("[data-chosen] legend").textContent + ": " + text);
    });
  }
}
