// Lives in a frame: tells the LMS how tall the page is, so that there is one scroll bar and not two.

const STEP = 8; // pixels; less than this is not worth moving somebody's page for
const PAUSE = 100; // milliseconds of quiet before the height is told

const isFramed = window.parent !== window;

/** Another page is shown: let the LMS scroll to where it begins (Canvas). It gives nothing away, and others ignore it. */
export function toTop() {
  if (isFramed) window.parent.postMessage(JSON.stringify({ subject: "lti.scrollToTop" }), "*");
}

export function start() {
  if (!isFramed) {
    document.documentElement.dataset.top = "";
    return;
  }
  addEventListener("pagehide", toTop); // the next page begins at its top
  let told = 0;
  let width = 0;
  let timer;
  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (Math.abs(height - told) <= STEP) return;
    told = height;
    // A string is what most platforms parse, and those that take objects take it as well. Everybody may know a height.
    window.parent.postMessage(JSON.stringify({ subject: "lti.frameResize", height }), "*");
  };
  // The body is as tall as its content, never as the frame: so the LMS answering us does not make us speak again.
  new ResizeObserver(([entry]) => {
    const turned = entry.contentRect.width !== width; // a phone was turned: tell at once
    width = entry.contentRect.width;
    clearTimeout(timer);
    timer = setTimeout(tell, turned ? 0 : PAUSE);
  }).observe(document.body);
}
