import "./directory.css";
import { ArrowLeft, Compass, SearchX, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { RoomCard, RoomCardSkeletons } from "./RoomCard.tsx";
import { useDirectory, type Order } from "./useDirectory.ts";

type DirectoryPageProps = { onBack: () => void; onOpen: (conversationId: string) => void };

const orders = [
  ["popular", "popular"],
  ["newest", "new"],
  ["oldest", "old"],
] as const;

/** Every room there is, by topic, to look around and join. */
export function DirectoryPage({ onBack, onOpen }: DirectoryPageProps) {
  const words = useWords();
  const client = useClient();
  const [search, setSearch] = useState("");
  const [topic, setTopic] = useState<string | null>(null);
  const [order, setOrder] = useState<Order>("popular");
  const [joining, setJoining] = useState<string | null>(null);
  const directory = useDirectory({ search: search.trim(), topic, order });

  const enter = async (roomId: string, joined: boolean) => {
    setJoining(roomId);
    try {
      if (!joined) await client.joinRoom(roomId);
      onOpen(roomId);
    } catch (error) {
      showToast(sentenceOf(error, words));
    } finally {
      setJoining(null);
    }
  };

  return (
    <section className="directory" aria-label={words.directory.title}>
      <header className="directory-header">
        <IconButton label={words.back} icon={<ArrowLeft />} onClick={onBack} />
        <h2>{words.directory.title}</h2>
      </header>
      <div className="directory-scroll">
        <div className="directory-column">
          <p className="directory-lead">{words.directory.lead}</p>
          <SearchField
            label={words.directory.search}
            clearLabel={words.clear}
            value={search}
            onChange={setSearch}
          />
          <div className="directory-filters" role="group" aria-label={words.directory.topics}>
            <Chip pressed={topic === null} onPress={() => setTopic(null)}>
              {words.directory.allTopics}
            </Chip>
            {directory.topics.map((each) => (
              <Chip key={each} pressed={each === topic} onPress={() => setTopic(each)}>
                {each}
              </Chip>
            ))}
          </div>
          <div className="directory-orders" role="group" aria-label={words.directory.sort}>
            {orders.map(([name, value]) => (
              <button
                key={value}
                type="button"
                aria-pressed={value === order}
                onClick={() => setOrder(value)}
              >
                {words.directory[name]}
              </button>
            ))}
          </div>
          {directory.status === "failed" && (
            <EmptyState icon={<TriangleAlert />} title={words.directory.failed}>
              <Button tone="accent" onClick={directory.retry}>
                {words.tryAgain}
              </Button>
            </EmptyState>
          )}
          {directory.status === "loading" && directory.rooms.length === 0 && <RoomCardSkeletons />}
          {directory.status === "ready" && directory.rooms.length === 0 && (
            <NoRooms isSearch={search.trim() !== "" || topic !== null} />
          )}
          <ul className="directory-rooms" role="list" aria-label={words.directory.title}>
            {directory.rooms.map((room) => (
              <RoomCard
                key={room.id}
                room={room}
                busy={joining === room.id}
                onEnter={(joined) => void enter(room.id, joined)}
              />
            ))}
          </ul>
          {directory.hasMore && (
            <Button wide busy={directory.status === "loading"} onClick={directory.loadMore}>
              {words.directory.more}
            </Button>
          )}
        </div>
      </div>
    </section>
  );
}

function NoRooms({ isSearch }: { isSearch: boolean }) {
  const { directory } = useWords();
  return isSearch ? (
    <EmptyState
      icon={<SearchX />}
      title={directory.nothingFound}
      text={directory.nothingFoundText}
    />
  ) : (
    <EmptyState icon={<Compass />} title={directory.empty} text={directory.emptyText} />
  );
}
