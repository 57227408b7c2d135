// The few texts scripts say, translated by the server into attributes of <body>.

/** The text called `name`, with {places} filled in. */
export function words(name, places = {}) {
  const text = document.body.dataset[`words${name[0].toUpperCase()}${name.slice(1)}`] ?? "";
  return text.replace(/\{(\w+)\}/g, (whole, place) => places[place] ?? whole);
}

/** The time of day as the reader's language writes it. */
export function clockTime() {
  const options = { hour: "numeric", minute: "2-digit" };
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, options).format(new Date());
}
