import { Users } from "lucide-react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { DirectoryRoom } from "../../model/conversation.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Button } from "../../ui/Button.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";

type RoomCardProps = { room: DirectoryRoom; busy: boolean; onEnter: (joined: boolean) => void };

export function RoomCard({ room, busy, onEnter }: RoomCardProps) {
  const words = useWords();
  const client = useClient();
  // The directory is as old as its reading; the chats tell what was joined since.
  const isMember = useStore(client.stores.conversations, (state) => room.id in state.byId);
  const joined = room.joined || isMember;
  const name = room.alias ?? room.name ?? "";
  return (
    <li className="room-card" aria-label={name}>
      <Avatar id={room.id} name={name} picture={room.picture} size="large" />
      <div className="room-card-text">
        <h3 className="room-card-name">{name}</h3>
        {room.description && <p className="room-card-description">{room.description}</p>}
        <p className="room-card-facts">
          {room.topic && <span className="room-card-topic">{room.topic}</span>}
          <Users aria-hidden="true" />
          {words.thread.members(room.member_count)}
        </p>
      </div>
      <Button tone={joined ? "plain" : "accent"} busy={busy} onClick={() => onEnter(joined)}>
        {joined ? words.directory.open : words.directory.join}
      </Button>
    </li>
  );
}

export function RoomCardSkeletons() {
  const words = useWords();
  return (
    <div className="directory-rooms" role="status" aria-label={words.loading}>
      {["60%", "45%", "70%", "52%"].map((width) => (
        <div key={width} className="room-card">
          <Skeleton shape="circle" width="3.375rem" height="3.375rem" />
          <div className="room-card-text room-card-outline">
            <Skeleton shape="line" width="9rem" height="0.85rem" />
            <Skeleton shape="line" width={width} height="0.7rem" />
          </div>
        </div>
      ))}
    </div>
  );
}
