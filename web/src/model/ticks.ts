/** How far an own message has come: sent, or read by somebody else. (One on its way is still in the outbox.) */

import type { OwnConversation } from "./conversation.ts";
import type { Message } from "./message.ts";

export function tickOf(
  message: Pick<Message, "seq">,
  conversation: Pick<OwnConversation, "others_read_seq">,
): "sent" | "read" {
  return conversation.others_read_seq >= message.seq ? "read" : "sent";
}
