// A launch in a frame where the browser keeps no cookie of ours: the LMS's page keeps the secret of the login meanwhile.
import { enter, show } from "../app/bearer.js";
import { askPlatform, StorageFailed } from "../app/platform.js";

const place = document.querySelector("[data-storage]");
const { target, key } = place.dataset;
const origins = place.dataset.origins.split(" ");

/** Before the login: have the secret kept, then go to the LMS. Without it, the same login again, which offers a tab. */
async function keep() {
  const { value, onward, otherwise } = place.dataset;
  try {
    const kept = await askPlatform("lti.put_data", { key, value }, { target, origins });
    if (kept !== undefined && kept !== value) throw new StorageFailed("value");
    location.replace(onward);
  } catch (problem) {
    const address = new URL(otherwise, location.href);
    address.searchParams.set("storage", problem.reason ?? "error");
    location.replace(address);
  }
}

/** After the login: get the secret, and send it with what the LMS sent. Without it the answer offers a tab. */
async function fetchBack() {
  let secret = "";
  try {
    const got = await askPlatform("lti.get_data", { key }, { target, origins });
    if (typeof got === "string" && /^[\w-]+$/.test(got)) secret = got;
  } catch {
    // the server says what to do now
  }
  const answer = await fetch(place.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(place)),
    headers: { "X-Launch-Secret": secret },
  });
  if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
    const { token, onward } = await answer.json();
    await enter(token, onward);
  } else {
    show(await answer.text());
  }
}

if (place.dataset.storage === "keep") keep();
else fetchBack();
