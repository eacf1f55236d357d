import { Hash, Pencil, User, Users } from "lucide-react";
import { useState } from "react";
import { useWords } from "../../bindings/language.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { Menu, MenuItem } from "../../ui/Menu.tsx";
import { NewChatDialog, type NewChat, type NewChatDialogProps } from "./NewChatDialog.tsx";

/** The round button over the list: choose what to start, then fill in the dialog. */
export function NewChatButton({ onCreated, restoreHref }: Pick<NewChatDialogProps, "onCreated" | "restoreHref">) {
  const words = useWords();
  const [starting, setStarting] = useState<NewChat | null>(null);
  return (
    <>
      <Menu
        side="top"
        align="end"
        trigger={<IconButton tone="accent" label={words.newchat.button} icon={<Pencil />} />}
      >
        <MenuItem icon={<Hash />} onSelect={() => setStarting("room")}>
          {words.newchat.room}
        </MenuItem>
        <MenuItem icon={<Users />} onSelect={() => setStarting("group")}>
          {words.newchat.group}
        </MenuItem>
        <MenuItem icon={<User />} onSelect={() => setStarting("private")}>
          {words.newchat.private}
        </MenuItem>
      </Menu>
      {starting && (
        <NewChatDialog
          starting={starting}
          restoreHref={restoreHref}
          onClose={() => setStarting(null)}
          onCreated={(id) => {
            setStarting(null);
            onCreated(id);
          }}
        />
      )}
    </>
  );
}
