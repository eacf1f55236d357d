/** Which picture or video is looked at in full; the view that shows it stands once in the page. */

import { create } from "zustand";
import type { Attachment, Message } from "../model/message.ts";

export interface Viewed {
  readonly message: Message;
  readonly attachment: Attachment;
}

export const useViewed = create<{ readonly viewed: Viewed | null }>(() => ({ viewed: null }));

export function viewMedia(message: Message, attachment: Attachment): void {
  useViewed.setState({ viewed: { message, attachment } });
}

export function closeMedia(): void {
  useViewed.setState({ viewed: null });
}
