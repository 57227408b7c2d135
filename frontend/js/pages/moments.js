// Moments are typed and shown in the zone of the browser; without this script in the zone that the page names.
import { onArrival } from "../app/arrivals.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A moment as a datetime-local field wants it: `2027-03-31T18:00` on the clock of this browser. */
function local(moment) {
  const two = (number) => String(number).padStart(2, "0");
  const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join("-");
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

onArrival(() => {
  for (const hidden of zone ? document.querySelectorAll("input[data-zone]") : []) {
    hidden.value = zone;
    for (const input of hidden.form.querySelectorAll("input[data-utc]")) {
      if (input.dataset.utc) input.value = local(new Date(input.dataset.utc));
    }
    const said = hidden.form.querySelector("[data-zone-said]");
    if (said) said.textContent = said.dataset.zoneSaid.replace("{zone}", zone);
  }
});
