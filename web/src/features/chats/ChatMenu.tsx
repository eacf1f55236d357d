import {
  Archive,
  ArchiveRestore,
  Bell,
  BellOff,
  CheckCheck,
  Info,
  LogOut,
  MessageCircleMore,
  Pin,
  PinOff,
  Trash2,
} from "lucide-react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useNow } from "../../bindings/now.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import { forEver, isArchived, isMuted, isUnread, type PreferencesChange } from "../../model/keeping.ts";
import { ContextMenu, type Point } from "../../ui/ContextMenu.tsx";
import { MenuItem } from "../../ui/Menu.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";

type ChatMenuProps = {
  conversation: OwnConversation;
  at: Point;
  onAbout: () => void;
  /** It is to be left, or deleted: that is asked first. */
  onEnd: () => void;
  onClose: () => void;
};

const hour_ms = 3_600_000;

/** What can be done with a chat from the list. */
export function ChatMenu({ conversation, at, onAbout, onEnd, onClose }: ChatMenuProps) {
  const words = useWords();
  const client = useClient();
  const { keep } = words.gathering;
  const { id, kind, role, preferences } = conversation;
  const now = useNow();

  const change = (wish: PreferencesChange) =>
    void client.keep(id, wish).catch((error: unknown) => showToast(sentenceOf(error, words)));
  const muteFor = (hours: number) =>
    change({ muted_until: new Date(Date.now() + hours * hour_ms).toISOString() });
  const read = () => {
    if (conversation.unread > 0) client.markRead(id, conversation.head_seq);
    if (preferences.marked_unread) change({ marked_unread: false });
  };

  return (
    <ContextMenu at={at} onClose={onClose}>
      {preferences.pinned_at === null ? (
        <MenuItem icon={<Pin />} onSelect={() => change({ pinned: true })}>
          {keep.pin}
        </MenuItem>
      ) : (
        <MenuItem icon={<PinOff />} onSelect={() => change({ pinned: false })}>
          {keep.unpin}
        </MenuItem>
      )}
      {isUnread(conversation) ? (
        <MenuItem icon={<CheckCheck />} onSelect={read}>
          {words.chats.markRead}
        </MenuItem>
      ) : (
        <MenuItem icon={<MessageCircleMore />} onSelect={() => change({ marked_unread: true })}>
          {keep.markUnread}
        </MenuItem>
      )}
      {isMuted(preferences, now) ? (
        <MenuItem icon={<Bell />} onSelect={() => change({ muted_until: null })}>
          {keep.unmute}
        </MenuItem>
      ) : (
        <>
          <MenuItem icon={<BellOff />} onSelect={() => muteFor(1)}>
            {keep.muteHour}
          </MenuItem>
          <MenuItem icon={<BellOff />} onSelect={() => muteFor(8)}>
            {keep.muteEightHours}
          </MenuItem>
          <MenuItem icon={<BellOff />} onSelect={() => change({ muted_until: forEver })}>
            {keep.muteForEver}
          </MenuItem>
        </>
      )}
      {isArchived(conversation, now) ? (
        <MenuItem icon={<ArchiveRestore />} onSelect={() => change({ archived: false })}>
          {keep.unarchive}
        </MenuItem>
      ) : (
        <MenuItem icon={<Archive />} onSelect={() => change({ archived: true })}>
          {keep.archive}
        </MenuItem>
      )}
      <MenuItem icon={<Info />} onSelect={onAbout}>
        {words.chats.about}
      </MenuItem>
      {kind !== "private" && (
        <MenuItem icon={role === "owner" ? <Trash2 /> : <LogOut />} tone="danger" onSelect={onEnd}>
          {words.about[role === "owner" ? "delete" : "leave"][kind]}
        </MenuItem>
      )}
    </ContextMenu>
  );
}
