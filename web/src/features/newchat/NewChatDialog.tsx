import { NewGroupDialog } from "./NewGroupDialog.tsx";
import { NewPrivateChatDialog } from "./NewPrivateChatDialog.tsx";
import { NewRoomDialog } from "./NewRoomDialog.tsx";

export type NewChat = "room" | "group" | "private";

export type NewChatDialogProps = {
  onClose: () => void;
  onCreated: (conversationId: string) => void;
  /** Where this device gets the keys for encrypted chats, should it lack them. */
  restoreHref: string;
};

/** The form for whatever is being started. */
export function NewChatDialog({ starting, ...rest }: NewChatDialogProps & { starting: NewChat }) {
  switch (starting) {
    case "room":
      return <NewRoomDialog {...rest} />;
    case "group":
      return <NewGroupDialog {...rest} />;
    case "private":
      return <NewPrivateChatDialog {...rest} />;
  }
}
