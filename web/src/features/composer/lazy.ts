/** What is asked in dialogs over the composer loads when it is asked. */

import { lazy } from "react";

export const EmojiPicker = lazy(async () => ({ default: (await import("../../ui/EmojiPicker.tsx")).EmojiPicker }));
export const PollDialog = lazy(async () => ({ default: (await import("./PollDialog.tsx")).PollDialog }));
export const ScheduleDialog = lazy(async () => ({ default: (await import("./ScheduleDialog.tsx")).ScheduleDialog }));
export const ScheduledDialog = lazy(async () => ({ default: (await import("./ScheduledDialog.tsx")).ScheduledDialog }));
export const SendFilesDialog = lazy(async () => ({ default: (await import("./SendFilesDialog.tsx")).SendFilesDialog }));
