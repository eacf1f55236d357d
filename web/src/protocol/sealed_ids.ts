/**
 * One id for each message. The server names a sealed message by the reader's copy of it in `id`, and by itself in
 * `message_group`; in the client `id` is always that of the message, and the copy has `copy_id`.
 */

/** Sets it right in all messages, however deep they lie in an answer; the answer itself is changed, and given back. */
export function withMessageIds<Data>(answer: Data): Data {
  if (Array.isArray(answer)) for (const item of answer) withMessageIds(item);
  else if (typeof answer === "object" && answer !== null) {
    if (isSealed(answer)) {
      answer.copy_id = answer.id;
      answer.id = answer.message_group;
    }
    for (const value of Object.values(answer)) if (typeof value === "object") withMessageIds(value);
  }
  return answer;
}

interface SealedOnWire {
  id: string;
  readonly message_group: string;
  copy_id?: string;
}

function isSealed(value: object): value is SealedOnWire {
  return "message_group" in value && "encrypted" in value && value.encrypted === true && !("copy_id" in value);
}
