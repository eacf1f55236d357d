import "./message-line.css";
import type { ReactNode } from "react";

type MessageLineProps = {
  picture: ReactNode;
  /** Who wrote it, or where it stands. */
  name: string;
  /** When it was sent: ISO 8601, and in words. */
  at: string;
  time: string;
  onPress: () => void;
  /** What can be done with it without going there. */
  act?: ReactNode;
  /** What it says, in two lines at most. */
  children: ReactNode;
};

/** A message that stands in a list of such, away from its thread, to which it leads. */
export function MessageLine({ picture, name, at, time, onPress, act, children }: MessageLineProps) {
  return (
    <li className="message-line">
      <button type="button" className="message-line-press" onClick={onPress}>
        {picture}
        <span className="message-line-text">
          <span className="message-line-head">
            <b>{name}</b>
            <time dateTime={at}>{time}</time>
          </span>
          <span className="message-line-summary">{children}</span>
        </span>
      </button>
      {act}
    </li>
  );
}
