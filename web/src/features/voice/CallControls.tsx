import { HeadphoneOff, Headphones, Mic, MicOff, PhoneOff, ScreenShare, ScreenShareOff, Settings2, Video, VideoOff } from "lucide-react";
import { useState } from "react";
import { useCallWords } from "../../bindings/call_words.ts";
import { useClient } from "../../bindings/client.tsx";
import { ownPart } from "../../bindings/voice.ts";
import type { Call } from "../../model/voice.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { showToast } from "../../ui/toasts.ts";
import { DevicesDialog } from "./DevicesDialog.tsx";
import { HoldToTalk } from "./HoldToTalk.tsx";

/** What one does about one's own part in the call. */
export function CallControls({ call }: { call: Call }) {
  const words = useCallWords();
  const { voice } = useClient();
  const [isChoosing, setIsChoosing] = useState(false);
  const me = ownPart(call);
  const { camera = null, screen = null } = call.pictures[call.session] ?? {};
  const isIn = call.status !== "joining";

  const unlessRefused = (act: Promise<void>, sentence: string) =>
    void act.catch((error: unknown) => {
      // Whoever closes the browser's own question has changed their mind.
      const isClosed = error instanceof DOMException && error.name === "NotAllowedError" && sentence === words.shareFailed;
      if (!isClosed) showToast(sentence);
    });

  return (
    <div className="call-controls">
      {call.pushToTalk ? (
        <HoldToTalk call={call} />
      ) : (
        <IconButton
          className="call-control"
          label={call.muted ? words.unmute : words.mute}
          icon={call.muted ? <MicOff /> : <Mic />}
          data-off={call.muted}
          disabled={me?.silenced === true}
          onClick={() => voice.setMuted(!call.muted)}
        />
      )}
      <IconButton
        className="call-control"
        label={call.deafened ? words.undeafen : words.deafen}
        icon={call.deafened ? <HeadphoneOff /> : <Headphones />}
        data-off={call.deafened}
        onClick={() => voice.setDeafened(!call.deafened)}
      />
      <IconButton
        className="call-control"
        label={camera ? words.cameraOff : words.cameraOn}
        icon={camera ? <VideoOff /> : <Video />}
        data-on={camera !== null}
        disabled={!isIn}
        onClick={() => unlessRefused(voice.setCamera(camera === null), words.cameraFailed)}
      />
      {navigator.mediaDevices?.getDisplayMedia !== undefined && (
        <IconButton
          className="call-control"
          label={screen ? words.stopSharing : words.share}
          icon={screen ? <ScreenShareOff /> : <ScreenShare />}
          data-on={screen !== null}
          disabled={!isIn}
          onClick={() => (screen ? voice.stopSharing() : unlessRefused(voice.share(), words.shareFailed))}
        />
      )}
      <IconButton
        className="call-control"
        label={words.devices.open}
        icon={<Settings2 />}
        aria-haspopup="dialog"
        onClick={() => setIsChoosing(true)}
      />
      <IconButton className="call-control call-leave" label={words.leave} icon={<PhoneOff />} onClick={() => voice.leave()} />
      {isChoosing && <DevicesDialog call={call} onClose={() => setIsChoosing(false)} />}
    </div>
  );
}
