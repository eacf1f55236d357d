import { useWords } from "../../bindings/language.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";

const widths_percent = [52, 38, 64, 45, 57, 33, 60, 48];

export function ChatListSkeleton() {
  const words = useWords();
  return (
    <div className="chats-list" role="status" aria-label={words.loading}>
      {widths_percent.map((width) => (
        <div key={width} className="chat-row chat-row-skeleton">
          <Skeleton shape="circle" width="3.375rem" height="3.375rem" />
          <span className="chat-row-text">
            <Skeleton shape="line" width={`${width}%`} height="0.8rem" />
            <Skeleton shape="line" width={`${150 - width}%`} height="0.7rem" />
          </span>
        </div>
      ))}
    </div>
  );
}
