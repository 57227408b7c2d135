// Proposes the time zone that this device is in, where the person has not chosen one. It is saved when they say so.
export function enhance() {
  for (const field of document.querySelectorAll("select[data-guess-zone]")) {
    delete field.dataset.guessZone;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && [...field.options].some((option) => option.value === zone)) field.value = zone;
  }
}
