// Tells the LMS that the registration is over, so that it closes our frame or window (LTI Dynamic Registration §3.7).
// By the button; and by itself after data-lti-close seconds, unless somebody is reading: then they decide.
const button = document.querySelector("[data-lti-close]");

function close() {
  const lms = window.opener ?? (window.parent === window ? null : window.parent);
  // The message carries nothing but its name, and the page around us may be on any of the institution's addresses.
  lms?.postMessage({ subject: "org.imsglobal.lti.close" }, "*");
}

if (button && (window.opener || window.parent !== window)) {
  button.hidden = false;
  button.addEventListener("click", close);
  const timer = setTimeout(close, Number(button.dataset.ltiClose) * 1000);
  for (const sign of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    addEventListener(sign, () => clearTimeout(timer), { once: true, passive: true });
  }
}
