import { useEffect, useRef } from "react";

type PictureProps = {
  stream: MediaStream;
  /** What it shows. */
  label: string;
  /** Oneself, as in a mirror. */
  isMirrored?: boolean;
};

/** What a camera or a screen shows just now. Its sound, if it has any, is played elsewhere. */
export function Picture({ stream, label, isMirrored = false }: PictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    element.srcObject = stream;
    // It begins by itself; a browser that lets it not shows the first frame.
    void element.play().catch(() => undefined);
    return () => {
      element.srcObject = null;
    };
  }, [stream]);
  return (
    <video
      ref={video}
      className="call-picture"
      data-mirrored={isMirrored}
      aria-label={label}
      muted
      playsInline
      disablePictureInPicture
    />
  );
}
