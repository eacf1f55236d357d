import { useCallback } from "react";
import { useAction } from "../../../bindings/action.ts";
import { useAnswer } from "../../../bindings/answer.ts";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { Switch } from "../../../ui/Switch.tsx";
import { sentenceOf } from "../../../words/refusals.ts";
import { SettingsBlock } from "../SettingsFrame.tsx";

/** Whether this browser is told of messages while no window of ours is open. */
export function PushBlock() {
  const words = useWords();
  const client = useClient();
  const texts = words.settings.notices;
  const { answer, put } = useAnswer(useCallback(() => client.notices.pushStanding(), [client]));
  const { action, run } = useAction();

  const standing = answer.status === "ready" ? answer.value : null;
  const turn = (isOn: boolean) =>
    void run(async () => put(await (isOn ? client.notices.turnPushOn() : client.notices.turnPushOff())));
  const hints = {
    unsupported: texts.pushUnsupported,
    denied: texts.pushDenied,
    off: texts.pushHint,
    on: texts.pushHint,
  };
  return (
    <SettingsBlock>
      <Switch
        label={texts.push}
        hint={standing === null ? texts.pushHint : hints[standing]}
        checked={standing === "on"}
        disabled={action.status === "running" || standing === null || standing === "unsupported" || standing === "denied"}
        onChange={turn}
      />
      {action.status === "refused" && (
        <p className="settings-fault" role="alert">
          {sentenceOf(action.error, words)}
        </p>
      )}
    </SettingsBlock>
  );
}
