// An LMS's page that keeps data for tools (LTI Platform Storage 0.1), or does something else, as data-how says.
const { how } = document.currentScript.dataset;
const kept = {};
const prefix = how === "old_names" ? "org.imsglobal." : "";
const isFrame = window.parent !== window;

function answerTo(said) {
  const { message_id, key } = said;
  const subject = `${said.subject}.response`;
  if (how === "error") return { subject, message_id, error: { code: "storage_exhaustion", message: "full" } };
  if (said.subject === `${prefix}lti.put_data`) {
    kept[key] = said.value;
    return { subject, message_id, key, value: said.value };
  }
  const value = how === "wrong_value" ? "something-else" : kept[key];
  return { subject, message_id, key, value };
}

addEventListener("message", (event) => {
  const said = event.data;
  if (said.relayed) {
    // This page has another origin than the one the tool asked, and answers in its place.
    window.parent.frames.activity.postMessage(answerTo(said.relayed), "*");
    return;
  }
  if (how === "silent" || typeof said?.subject !== "string") return;
  if (said.subject === `${prefix}lti.capabilities` && !isFrame) {
    const frame = how === "elsewhere" ? "post_message_forwarding" : undefined;
    const messages = ["lti.put_data", "lti.get_data"].map((one) => ({ subject: prefix + one, frame }));
    const list = { subject: `${said.subject}.response`, message_id: said.message_id, supported_messages: messages };
    event.source.postMessage(list, event.origin);
    return;
  }
  if (how === "elsewhere" && !isFrame) return;
  if (said.subject !== `${prefix}lti.put_data` && said.subject !== `${prefix}lti.get_data`) return;
  if (how === "stranger") document.querySelector("[name=stranger]").contentWindow.postMessage({ relayed: said }, "*");
  else event.source.postMessage(answerTo(said), event.origin);
});
