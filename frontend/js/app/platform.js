// Asks the LMS's page to keep a value for us, or to give it back (LTI Client Side postMessages 1.0, LTI Platform Storage
// 0.1). A value is only ever sent to an origin of the list, and only such an origin's answer is taken; the answer has to
// come from the window that was asked and to carry the number of the question.

const PATIENCE = 2500; // milliseconds; apps on phones, for example, never answer
const OLD = "org.imsglobal."; // what the names of messages began with before they were settled

/** Why the LMS did not keep or give a value: silent, origin, error, value, unsupported or frame. */
export class StorageFailed extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** The window called `name` beside ours; "_parent" is the one around us. */
function windowCalled(name) {
  if (name === "_parent") return window.parent;
  try {
    return window.parent.frames[name] ?? null; // names are seen across origins, and nothing else
  } catch {
    return null;
  }
}

/** What was said, in either of the two forms that platforms use. */
function saidIn(event) {
  try {
    const said = typeof event.data === "string" ? JSON.parse(event.data) : event.data;
    return said && typeof said === "object" ? said : {};
  } catch {
    return {};
  }
}

/**
 * Send `subject` with `fields` to the frame called `target`; resolves to the value that the LMS answers with.
 * Other names of messages and another frame are tried if the LMS says that it wants them.
 */
export function askPlatform(subject, fields, { target, origins }) {
  return new Promise((resolve, reject) => {
    const [number, listNumber] = [crypto.randomUUID(), crypto.randomUUID()];
    const asked = new Map(); // window → the subjects of answers that may come from it
    let stranger = false;

    const end = (settle, result) => {
      clearTimeout(timer);
      removeEventListener("message", hear);
      settle(result);
    };
    const send = (name, full) => {
      const frame = windowCalled(name);
      if (typeof frame?.postMessage !== "function") return false;
      const answers = asked.get(frame) ?? new Set();
      if (answers.has(`${full}.response`)) return true;
      asked.set(frame, answers.add(`${full}.response`));
      for (const origin of origins) frame.postMessage({ subject: full, message_id: number, ...fields }, origin);
      return true;
    };
    // Which messages a page takes is no secret, and knowing it gives nobody anything: any origin may say so.
    const learn = (said) => {
      const list = Array.isArray(said.supported_messages) ? said.supported_messages : [];
      const taken = [subject, OLD + subject].map((full) => list.find((one) => one?.subject === full)).find(Boolean);
      if (!taken) end(reject, new StorageFailed("unsupported"));
      else if (!send(taken.frame || target, taken.subject)) end(reject, new StorageFailed("frame"));
    };
    const hear = (event) => {
      const said = saidIn(event);
      if (said.message_id === listNumber && event.source === window.parent) learn(said);
      if (said.message_id !== number) return;
      if (!asked.get(event.source)?.has(said.subject) || !origins.includes(event.origin)) {
        stranger = true; // the right answer may still come
      } else if (said.error) {
        end(reject, new StorageFailed("error"));
      } else if (said.key !== undefined && said.key !== fields.key) {
        end(reject, new StorageFailed("value"));
      } else {
        end(resolve, said.value);
      }
    };
    const timer = setTimeout(() => end(reject, new StorageFailed(stranger ? "origin" : "silent")), PATIENCE);
    addEventListener("message", hear);
    for (const prefix of ["", OLD]) {
      window.parent.postMessage({ subject: `${prefix}lti.capabilities`, message_id: listNumber }, "*");
    }
    send(target, subject); // most need not be asked what they take
  });
}
