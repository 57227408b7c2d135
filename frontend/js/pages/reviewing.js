// What a review still needs, counted while it is written; without this script the page says it when it is made.
import { onArrival } from "../app/arrivals.js";

const lengthOf = (field) => [...field.value.trim()].length;

function count(place, form) {
  const criteria = [...form.querySelectorAll("fieldset:has(input[type='radio'])")];
  const levels = criteria.filter((one) => !one.querySelector("input:checked")).length;
  const written = [...form.querySelectorAll("textarea")].reduce((sum, field) => sum + lengthOf(field), 0);
  const characters = Math.max(0, Number(place.dataset.least) - written);
  const said = [
    levels && place.dataset.levels.replace("{num}", levels),
    characters && place.dataset.characters.replace("{num}", characters),
  ].filter(Boolean);
  place.textContent = said.join(" ") || place.dataset.none;
}

onArrival(() => {
  for (const place of document.querySelectorAll("[data-missing]")) {
    const form = place.closest("form");
    form.addEventListener("input", () => count(place, form));
    count(place, form);
  }
});
