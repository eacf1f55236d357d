import { useCallback, useEffect, useId, useRef } from "react";
import { useCallWords } from "../../bindings/call_words.ts";
import { useAction } from "../../bindings/action.ts";
import { useAnswer } from "../../bindings/answer.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { DeviceKind, Devices } from "../../client/voice.ts";
import type { Call } from "../../model/voice.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Switch } from "../../ui/Switch.tsx";

/** Which microphone, camera and speaker, and when one is heard. */
export function DevicesDialog({ call, onClose }: { call: Call; onClose: () => void }) {
  const words = useWords();
  const { voice } = useClient();
  const { devices: texts } = useCallWords();
  const { answer, load } = useAnswer(useCallback(async () => await voice.devices(), [voice]));
  const { action, run } = useAction();

  // Somebody plugs in a headset while they look.
  useEffect(() => {
    const look = () => void load();
    navigator.mediaDevices.addEventListener("devicechange", look);
    return () => navigator.mediaDevices.removeEventListener("devicechange", look);
  }, [load]);

  const choose = (kind: DeviceKind, id: string) =>
    void run(async () => {
      await voice.chooseDevice(kind, id);
      await load();
    });
  return (
    <Dialog
      title={texts.open}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <Button tone="accent" onClick={onClose}>
          {texts.done}
        </Button>
      }
    >
      {answer.status === "ready" && (
        <>
          <Choose kind="microphone" devices={answer.value} onChoose={choose} />
          <LevelMeter session={call.session} />
          {answer.value.canChooseSpeaker && <Choose kind="speaker" devices={answer.value} onChoose={choose} />}
          <Choose kind="camera" devices={answer.value} onChoose={choose} />
        </>
      )}
      <Switch
        label={texts.pushToTalk}
        hint={texts.pushToTalkHint}
        checked={call.pushToTalk}
        onChange={(isOn) => voice.setPushToTalk(isOn)}
      />
      {action.status === "refused" && (
        <p className="dialog-refusal" role="alert">
          {texts.failed}
        </p>
      )}
    </Dialog>
  );
}

type ChooseProps = {
  kind: DeviceKind;
  devices: Devices;
  onChoose: (kind: DeviceKind, id: string) => void;
};

function Choose({ kind, devices, onChoose }: ChooseProps) {
  const voice = useCallWords();
  const id = useId();
  const texts = voice.devices;
  const offered = devices.all.filter((device) => device.kind === kind);
  // One that was chosen once and is not plugged in now is not used either.
  const chosen = offered.find((device) => device.id === devices.chosen[kind])?.id ?? "";
  return (
    <div className="call-device">
      <label htmlFor={id}>{texts[kind]}</label>
      <select id={id} value={chosen} onChange={(event) => onChoose(kind, event.target.value)}>
        <option value="">{texts.usual}</option>
        {offered.map((device, at) => (
          <option key={device.id} value={device.id}>
            {device.name || texts.unnamed(at + 1)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** From quiet to the level of somebody who shouts, as ears hear it. */
const quietest_db = -60;

function LevelMeter({ session }: { session: string }) {
  const words = useCallWords();
  const { voice } = useClient();
  const bar = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      const level_db = 20 * Math.log10(Math.max(voice.level(session), 1e-6));
      if (bar.current) bar.current.value = Math.max(0, 1 - level_db / quietest_db);
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [voice, session]);
  return <meter ref={bar} className="call-level" min={0} max={1} aria-label={words.devices.level} />;
}
