// Messages from tools in frames: a wish for another height, and the end of a registration.
// A message counts only if it comes from the frame's own window and from the origin that the tool registered.
const SMALLEST = 160;
const LARGEST = 20000;

function frameOf(event) {
  const frames = [...document.querySelectorAll("iframe[data-origin]")];
  return frames.find((frame) => frame.contentWindow === event.source && frame.dataset.origin === event.origin);
}

function read(data) {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

function resize(frame, wanted) {
  const height = Number.parseInt(wanted, 10);
  if (!(height > 0)) return;
  frame.style.blockSize = `${Math.min(Math.max(height, SMALLEST), LARGEST)}px`;
}

window.addEventListener("message", (event) => {
  const frame = frameOf(event);
  const message = read(event.data);
  if (!frame || !message || typeof message.subject !== "string") return;
  if (message.subject === "lti.frameResize") resize(frame, message.height);
  if (message.subject === "org.imsglobal.lti.close" && frame.dataset.close) location.assign(frame.dataset.close);
});
