// Every page loads this. Pages work without it; each part starts on its own, so that one which fails takes nothing along.
import "htmx.org";
import "@github/markdown-toolbar-element";
import "@github/relative-time-element";
import * as acts from "./app/acts.js";
import * as attaching from "./app/attaching.js";
import * as bearer from "./app/bearer.js";
import * as composers from "./app/composers.js";
import * as copying from "./app/copying.js";
import * as drafts from "./app/drafts.js";
import * as focus from "./app/focus.js";
import * as frame from "./app/frame.js";
import * as newtab from "./app/newtab.js";
import * as notices from "./app/notices.js";
import * as pulse from "./app/pulse.js";
import * as reading from "./app/reading.js";
import * as telling from "./app/telling.js";
import * as trouble from "./app/trouble.js";
import * as zone from "./app/zone.js";

const parts = [frame, newtab, notices, trouble, focus, acts, attaching, composers, drafts, copying, pulse, reading, telling, zone, bearer];

/** Run one function of each part, whatever happens to the others. */
function each(step) {
  for (const part of parts) {
    try {
      part[step]?.();
    } catch (error) {
      console.error(error);
    }
  }
}

each("start"); // once
each("arrive"); // with every page
each("enhance"); // whenever there is something new on the page
document.addEventListener("htmx:after:swap", () => each("enhance"));
document.addEventListener("lmssocial:arrived", () => {
  each("arrive"); // a whole page was put in place of the one before
  each("enhance");
});
