import { Bell, BellOff, Clock, Infinity as ForEver, LogOut, Search } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useNow } from "../../bindings/now.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import { forEver, isMuted } from "../../model/keeping.ts";
import { Menu, MenuItem } from "../../ui/Menu.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";

type ButtonsProps = {
  conversation: OwnConversation;
  /** Absent where there is nothing to search with. */
  onSearch?: (() => void) | undefined;
  onLeave: () => void;
};

const hour_ms = 3_600_000;

/** What is done most with a chat, in one row under its name. */
export function Buttons({ conversation, onSearch, onLeave }: ButtonsProps) {
  const words = useWords();
  const client = useClient();
  const now = useNow();
  const { about, keep } = words.gathering;

  const mute = (muted_until: string | null) =>
    void client
      .keep(conversation.id, { muted_until })
      .catch((error: unknown) => showToast(sentenceOf(error, words)));
  const muteFor = (hours: number) => mute(new Date(Date.now() + hours * hour_ms).toISOString());

  return (
    <div className="about-buttons">
      {isMuted(conversation.preferences, now) ? (
        <Tile icon={<Bell />} onClick={() => mute(null)}>
          {keep.unmute}
        </Tile>
      ) : (
        <Menu trigger={<Tile icon={<BellOff />}>{keep.mute}</Tile>}>
          <MenuItem icon={<Clock />} onSelect={() => muteFor(1)}>
            {keep.muteHour}
          </MenuItem>
          <MenuItem icon={<Clock />} onSelect={() => muteFor(8)}>
            {keep.muteEightHours}
          </MenuItem>
          <MenuItem icon={<ForEver />} onSelect={() => mute(forEver)}>
            {keep.muteForEver}
          </MenuItem>
        </Menu>
      )}
      {onSearch && (
        <Tile icon={<Search />} aria-label={about.searchHere} onClick={onSearch}>
          {about.search}
        </Tile>
      )}
      {conversation.kind !== "private" && (
        <Tile icon={<LogOut />} aria-label={words.about.leave[conversation.kind]} onClick={onLeave}>
          {words.about.leaveButton}
        </Tile>
      )}
    </div>
  );
}

function Tile({ icon, children, ...rest }: ComponentProps<"button"> & { icon: ReactNode; children: string }) {
  return (
    <button type="button" {...rest} className="about-tile">
      {icon}
      {children}
    </button>
  );
}
