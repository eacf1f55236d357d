import { useLanguage } from "../../bindings/language.tsx";
import type { Enclosure } from "../../client/client.ts";
import type { ScheduledDraft } from "../../client/schedule.ts";
import type { PollDraft } from "../../model/pending.ts";
import { momentText } from "../../model/times.ts";
import type { Scheduled } from "../../model/scheduled.ts";
import { showToast } from "../../ui/toasts.ts";
import { PollDialog, ScheduledDialog, ScheduleDialog, SendFilesDialog } from "./lazy.ts";

/** What is asked over the composer just now. */
export type Asked =
  | { readonly type: "nothing" | "poll" | "schedule" | "scheduled" }
  | { readonly type: "files"; readonly files: readonly File[] };

type ComposerDialogsProps = {
  asked: Asked;
  /** What is written, and not a change of a message. */
  draft: string;
  scheduled: readonly Scheduled[];
  onSend: (content: string, files: NonNullable<Enclosure["files"]>) => void;
  onSendPoll: (poll: PollDraft) => void;
  onSchedule: (draft: ScheduledDraft) => Promise<void>;
  onClose: () => void;
};

export function ComposerDialogs({ asked, draft, scheduled, onSend, onSendPoll, onSchedule, onClose }: ComposerDialogsProps) {
  const { words, locale } = useLanguage();
  switch (asked.type) {
    case "nothing":
      return null;
    case "files":
      return (
        <SendFilesDialog
          files={asked.files}
          caption={draft}
          onSend={(files, caption) => onSend(caption, files)}
          onClose={onClose}
        />
      );
    case "poll":
      return <PollDialog onSend={onSendPoll} onClose={onClose} />;
    case "schedule":
      return (
        <ScheduleDialog
          onSchedule={async ({ sendAt, silent }) => {
            await onSchedule({ content: draft, sendAt, silent });
            showToast(words.composing.scheduled.done(momentText(sendAt.toISOString(), locale)));
          }}
          onClose={onClose}
        />
      );
    case "scheduled":
      return <ScheduledDialog scheduled={scheduled} onClose={onClose} />;
  }
}
