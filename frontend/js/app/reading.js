// A post is read when its end was on the screen for a moment, in a window that is looked at. Which ones were is told to the
// server in batches; the marks on the page change only when it knows. A form says which are watched: its field "numbers"
// holds their numbers, its "data-reading" what stands before the number in the id of each one's article. In a frame as tall as its content this holds as
// well: what the browser calls the screen is that of the page around it, also across origins.

const DWELL = 900; // milliseconds an end has to stay in sight: what only flies past is not read
const PAUSE = 1500; // milliseconds in which ends are collected before they are told

const known = new WeakSet();

/** "3-5,9" as numbers. */
function numbersIn(text) {
  return text.split(",").flatMap((part) => {
    const [first, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, step) => first + step);
  });
}

function asRead(post) {
  const name = post?.querySelector("[data-once-read]");
  post?.classList.replace("is-unread", "was-unread");
  if (!name) return;
  name.textContent = name.dataset.onceRead;
  name.removeAttribute("data-once-read");
}

function watch(form) {
  const prefix = form.dataset.reading;
  const seen = new Set();
  const inSight = new Map(); // end → timer
  let timer;
  let tries = 0;

  const tell = async () => {
    clearTimeout(timer);
    const numbers = [...seen].sort((a, b) => a - b).slice(0, 100);
    if (!numbers.length) return;
    numbers.forEach((number) => seen.delete(number));
    const body = new URLSearchParams(new FormData(form));
    body.set("numbers", numbers.join(","));
    try {
      // keepalive: what was read just before the page is left is told as well
      const answer = await fetch(form.action, { method: "POST", body, keepalive: true, headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(`reading was answered ${answer.status}`, { cause: answer.status });
      tries = 0;
      numbers.forEach((number) => asRead(document.getElementById(`${prefix}${number}`)));
    } catch (problem) {
      if (problem.cause >= 400 && problem.cause < 500) return; // signed out: nothing is marked, and nothing is lost
      numbers.forEach((number) => seen.add(number));
      if ((tries += 1) < 6) timer = setTimeout(tell, PAUSE * 2 ** tries);
    }
  };
  const read = (end) => {
    observer.unobserve(end);
    inSight.delete(end);
    seen.add(Number(end.closest("article").id.slice(prefix.length)));
    end.remove();
    clearTimeout(timer);
    timer = setTimeout(tell, PAUSE);
  };
  const stop = (end) => {
    clearTimeout(inSight.get(end));
    inSight.delete(end);
  };
  const waitFor = (end) => {
    stop(end);
    if (!document.hidden) inSight.set(end, setTimeout(read, DWELL, end));
  };
  const visible = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        visible.add(target);
        waitFor(target);
      } else {
        visible.delete(target);
        stop(target);
      }
    }
  });
  for (const number of numbersIn(form.elements.namedItem("numbers").value)) {
    const body = document.getElementById(`${prefix}${number}`)?.querySelector(".post-body");
    if (!body) continue;
    const end = document.createElement("span");
    end.className = "post-end";
    body.append(end);
    observer.observe(end);
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      [...inSight.keys()].forEach(stop);
      tell();
    } else {
      visible.forEach((end) => { if (end.isConnected) waitFor(end); });
    }
  });
  window.addEventListener("pagehide", tell);
}

export function enhance() {
  for (const form of document.querySelectorAll("form[data-reading]")) {
    if (known.has(form)) continue;
    known.add(form);
    watch(form);
  }
}
