import { Pause, Play } from "lucide-react";
import { useRef, useState } from "react";
import { useLanguage } from "../../bindings/language.tsx";
import type { ShownFile } from "../../bindings/sealed_files.ts";
import type { Attachment } from "../../model/message.ts";
import { lengthText, sizeText } from "../../model/sizes.ts";
import { Spinner } from "../../ui/Spinner.tsx";

type AudioRowProps = { audio: Attachment; shown: ShownFile };

/** Something to be heard: played where it stands. */
export function AudioRow({ audio, shown }: AudioRowProps) {
  const { words, locale } = useLanguage();
  const texts = words.composing.media;
  const player = useRef<HTMLAudioElement>(null);
  const [isPlaying, setIsPlaying] = useState(false);
  const [isUnplayable, setIsUnplayable] = useState(false);
  const isBroken = isUnplayable || shown.status === "failed";
  const [at_s, setAt] = useState(0);
  const [length_s, setLength] = useState(audio.duration_ms === null ? null : audio.duration_ms / 1000);

  const toggle = () => {
    const { current } = player;
    if (!current) return;
    if (isPlaying) current.pause();
    else current.play().catch(() => setIsUnplayable(true));
  };
  const detail = () => {
    if (isBroken) return texts.failed;
    if (length_s === null) return sizeText(audio.size, locale);
    return isPlaying || at_s > 0 ? `${lengthText(at_s)} / ${lengthText(length_s)}` : lengthText(length_s);
  };

  return (
    <div className="audio-row" title={audio.name}>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- what people send comes without captions */}
      <audio
        ref={player}
        src={shown.url ?? undefined}
        preload="metadata"
        onPlay={() => setIsPlaying(true)}
        onPause={() => setIsPlaying(false)}
        onEnded={() => setAt(0)}
        onError={() => setIsUnplayable(true)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onDurationChange={({ currentTarget }) => {
          if (Number.isFinite(currentTarget.duration)) setLength(currentTarget.duration);
        }}
      />
      <button
        type="button"
        className="file-icon"
        disabled={shown.status === "opening"}
        aria-label={`${isPlaying ? texts.pause : texts.play} ${audio.name}`}
        onClick={toggle}
      >
        {shown.status === "opening" ? <Spinner /> : isPlaying ? <Pause fill="currentColor" /> : <Play fill="currentColor" />}
      </button>
      <div className="file-text">
        <span className="file-name">
          <span>{audio.name}</span>
        </span>
        <input
          type="range"
          className="audio-place"
          aria-label={texts.position}
          aria-valuetext={lengthText(at_s)}
          min={0}
          max={length_s ?? 0}
          step={0.1}
          value={at_s}
          disabled={length_s === null}
          onChange={(event) => {
            const next = Number(event.target.value);
            setAt(next);
            if (player.current) player.current.currentTime = next;
          }}
        />
        <span className="file-detail">{detail()}</span>
      </div>
    </div>
  );
}
