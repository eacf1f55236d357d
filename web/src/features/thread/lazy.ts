/** What is shown over the thread loads when it is first asked for. */

import { lazy } from "react";

export const EmojiPicker = lazy(async () => ({
  default: (await import("../../ui/EmojiPicker.tsx")).EmojiPicker,
}));
export const ThreadDialog = lazy(async () => ({
  default: (await import("./dialogs/ThreadDialog.tsx")).ThreadDialog,
}));
