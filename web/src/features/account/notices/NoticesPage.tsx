import { AtSign, Bell, BellOff } from "lucide-react";
import { useStore } from "zustand";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { Notify } from "../../../model/conversation.ts";
import { type NoticeSettings, usualNoticeSettings } from "../../../model/notices.ts";
import { Choice } from "../../../ui/Choice.tsx";
import { Switch } from "../../../ui/Switch.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { sentenceOf } from "../../../words/refusals.ts";
import { SettingsBlock } from "../SettingsFrame.tsx";
import { PushBlock } from "./PushBlock.tsx";

const digestHours = [null, 8, 24, 72] as const;

/** Of what one is told, where, and how loudly. A chat of its own may be told of otherwise. */
export function NoticesPage() {
  const words = useWords();
  const client = useClient();
  const settings = useStore(client.stores.notices, (state) => state.settings) ?? usualNoticeSettings;
  const texts = words.settings.notices;

  const change = async (edit: Partial<NoticeSettings>) => {
    try {
      await client.notices.change(edit);
    } catch (error) {
      showToast(sentenceOf(error, words));
    }
  };
  const kinds = [
    { label: texts.private, name: "notify_private" },
    { label: texts.groups, name: "notify_groups" },
    { label: texts.rooms, name: "notify_rooms" },
  ] as const;
  return (
    <>
      <PushBlock />
      {kinds.map(({ label, name }) => (
        <SettingsBlock key={name} title={label}>
          <Choice<Notify>
            label={label}
            options={[
              { value: "all", label: texts.all, icon: <Bell /> },
              { value: "mentions", label: texts.mentions, icon: <AtSign /> },
              { value: "nothing", label: texts.nothing, icon: <BellOff /> },
            ]}
            value={settings[name]}
            onChange={(value) => void change({ [name]: value })}
          />
        </SettingsBlock>
      ))}
      <SettingsBlock>
        <Switch
          label={texts.sound}
          checked={settings.has_sound}
          onChange={(has_sound) => void change({ has_sound })}
        />
        <Switch
          label={texts.text}
          hint={texts.textHint}
          checked={settings.shows_text}
          onChange={(shows_text) => void change({ shows_text })}
        />
      </SettingsBlock>
      <SettingsBlock title={texts.digest} text={texts.digestText}>
        <Choice
          label={texts.digest}
          options={digestHours.map((hours) => ({ value: String(hours), label: texts.digestAfter(hours), icon: null }))}
          value={String(settings.digest_after_h)}
          onChange={(value) => void change({ digest_after_h: value === "null" ? null : Number(value) })}
        />
      </SettingsBlock>
    </>
  );
}
