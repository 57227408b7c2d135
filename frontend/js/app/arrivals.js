// For the script of one kind of page: what it does, it does when its page has come. In a frame without cookies the
// document stays and pages are put into it (bearer.js), so that its script runs once and is told of every arrival.

/** Call `fit` now, and again whenever a page was put into this document. */
export function onArrival(fit) {
  fit();
  document.addEventListener("lmssocial:arrived", fit);
}
