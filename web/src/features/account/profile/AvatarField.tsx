import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { Me } from "../../../model/user.ts";
import { PictureField } from "../../../ui/PictureField.tsx";

/** One's own picture. */
export function AvatarField({ me }: { me: Me }) {
  const words = useWords();
  const { settings } = useClient();
  return (
    <div className="settings-who">
      <PictureField
        id={me.id}
        name={me.display_name}
        picture={me.avatar}
        texts={words.settings.avatar}
        onTake={settings.changeAvatar}
        onRemove={settings.removeAvatar}
      />
    </div>
  );
}
