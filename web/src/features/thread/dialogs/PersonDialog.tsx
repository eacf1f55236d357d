import "./dialogs.css";
import { useAction } from "../../../bindings/action.ts";
import { useClient, useIsOnline, useMe, useUser } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { Avatar } from "../../../ui/Avatar.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { nameOf } from "../../../words/names.ts";
import { sentenceOf } from "../../../words/refusals.ts";

type PersonDialogProps = { userId: string; onOpen: (conversationId: string) => void; onClose: () => void };

/** Who somebody is that speaks or is called here, and the way to talk with them. */
export function PersonDialog({ userId, onOpen, onClose }: PersonDialogProps) {
  const words = useWords();
  const client = useClient();
  const me = useMe();
  const user = useUser(userId);
  const isOnline = useIsOnline(userId);
  const { action, run } = useAction();
  const texts = words.messages.person;
  const name = nameOf(user, words);
  const canTalk = user !== undefined && !user.is_deleted && userId !== me.id;
  const talk = () =>
    run(async () => {
      const id = await client.createPrivate(userId);
      onClose();
      onOpen(id);
    });
  return (
    <Dialog
      title={texts.title}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.close}</Button>
          {canTalk && (
            <Button tone="accent" busy={action.status === "running"} onClick={() => void talk()}>
              {texts.message}
            </Button>
          )}
        </>
      }
    >
      <div className="person">
        <Avatar
          id={userId}
          name={name}
          picture={user?.avatar ?? null}
          deleted={user?.is_deleted ?? false}
          size="huge"
        />
        <p className="person-name">{name}</p>
        {user?.username && <p className="person-soft">@{user.username}</p>}
        {isOnline && <p className="person-online">{words.thread.online}</p>}
        {user?.about && <p className="person-about">{user.about}</p>}
        {user === undefined && <p className="person-soft">{texts.gone}</p>}
      </div>
      {action.status === "refused" && (
        <p className="dialog-refusal" role="alert">
          {sentenceOf(action.error, words)}
        </p>
      )}
    </Dialog>
  );
}
