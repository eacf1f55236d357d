import "./shell.css";
import { clsx } from "clsx";
import { Suspense, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useStore } from "zustand";
import { useClient, useConversation } from "../bindings/client.tsx";
import { useEncryptionDialog } from "../bindings/encryption_dialogs.ts";
import { useWords } from "../bindings/language.tsx";
import { useMedia } from "../bindings/media.ts";
import { useViewed, viewMedia } from "../bindings/viewer.ts";
import { AccountMenu } from "../features/account/AccountMenu.tsx";
import { ChatsPanel } from "../features/chats/ChatsPanel.tsx";
import { RestoreStrip } from "../features/encryption/RestoreStrip.tsx";
import { NewChatButton } from "../features/newchat/NewChatButton.tsx";
import { FoundMessages } from "../features/search/FoundMessages.tsx";
import { ConfirmReminder } from "../features/signin/ConfirmReminder.tsx";
import { ChatScreen } from "./ChatScreen.tsx";
import { ConnectionBar } from "./ConnectionBar.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { AboutPanel, DirectoryPage, EncryptionDialogs, GivingDialog, MediaViewer, SettingsPanel } from "./lazy.ts";
import { PartingNotice } from "./PartingNotice.tsx";
import { routes, screenAt } from "./routes.ts";
import { useNotices } from "./useNotices.ts";
import { useShortcuts } from "./useShortcuts.ts";
import { useTitle } from "./useTitle.ts";
import { VoiceLayer } from "./VoiceLayer.tsx";

const encryptionHref = routes.settingsPage("encryption");

/** The columns: chats on the left, what is open in the middle, and on demand what it is about on the right. */
export function Shell() {
  const words = useWords();
  const [path, navigate] = useLocation();
  const screen = screenAt(path);
  const search = useRef<HTMLInputElement>(null);

  // Beside the settings the chat stays in view.
  const [lastChatId, setLastChatId] = useState<string | null>(null);
  const openId = screen.type === "chat" ? screen.id : null;
  if (openId !== null && openId !== lastChatId) setLastChatId(openId);
  if (screen.type === "chats" && lastChatId !== null) setLastChatId(null);
  const chatId = screen.type === "settings" ? lastChatId : openId;
  const aboutShown = screen.type === "chat" && screen.about;

  // With one column what lies over the thread hides it.
  const isOneColumn = useMedia(oneColumn);
  const isThreadSeen = !isOneColumn || (screen.type === "chat" && !aboutShown);

  // A link to a message leads there once, and stands then for the chat.
  const client = useClient();
  const messageId = screen.type === "chat" ? screen.messageId : null;
  useEffect(() => {
    if (openId === null || messageId === null) return;
    client.goTo(openId, { message_id: messageId });
    navigate(routes.chat(openId), { replace: true });
  }, [client, openId, messageId, navigate]);

  const [searchedId, setSearchedId] = useState<string | null>(null);
  const open = (id: string) => navigate(routes.chat(id));
  const toChats = () => navigate(routes.chats);
  const closeAbout = () => chatId !== null && open(chatId);
  const fromSettings = () => navigate(lastChatId === null ? routes.chats : routes.chat(lastChatId));
  useTitle();
  useNotices();
  useShortcuts({ search, chatId, onOpen: open, ...(aboutShown && { onEscape: closeAbout }) });

  return (
    <div className="shell">
      <ConnectionBar />
      <VoiceLayer shownId={isThreadSeen ? chatId : null} onOpen={open} />
      <PartingNotice />
      <main className={clsx("shell-columns", `shell-at-${aboutShown ? "about" : screen.type}`)}>
        <h1 className="unseen">{words.appName}</h1>
        <nav className="shell-left" aria-label={words.chats.list}>
          <ErrorBoundary words={words.crash}>
            {screen.type === "settings" && (
              <Suspense>
                <SettingsPanel
                  page={screen.page}
                  hrefOf={routes.settingsPage}
                  onBack={screen.page === null ? fromSettings : () => navigate(routes.settings)}
                  onOpen={open}
                  onSignedOut={toChats}
                />
              </Suspense>
            )}
            <div className="shell-chats" hidden={screen.type === "settings"}>
              <ChatsPanel
                searchRef={search}
                selectedId={chatId}
                chatHref={routes.chat}
                onOpen={open}
                onAbout={(id) => navigate(routes.about(id))}
                onDirectory={() => navigate(routes.directory)}
                onGone={(id) => id === chatId && toChats()}
                menu={
                  <AccountMenu
                    onSettings={() => navigate(routes.settings)}
                    onSignedOut={toChats}
                  />
                }
                notice={
                  <>
                    <RestoreStrip restoreHref={encryptionHref} />
                    <ConfirmReminder />
                  </>
                }
                renderMessages={(text, isAlone) => (
                  <FoundMessages
                    text={text}
                    isAlone={isAlone}
                    onFound={({ message, conversation }) => navigate(routes.message(conversation.id, message.id))}
                  />
                )}
                newChat={<NewChatButton onCreated={open} restoreHref={encryptionHref} />}
              />
            </div>
          </ErrorBoundary>
        </nav>
        <div className="shell-middle">
          <div className="shell-wall" aria-hidden="true" />
          <ErrorBoundary key={chatId ?? screen.type} words={words.crash}>
            {screen.type === "directory" && (
              <Suspense>
                <DirectoryPage onBack={toChats} onOpen={open} />
              </Suspense>
            )}
            {chatId !== null && (
              <ChatScreen
                key={chatId}
                conversationId={chatId}
                aboutShown={aboutShown}
                onBack={toChats}
                onOpen={open}
                onRestore={() => navigate(encryptionHref)}
                onCompare={(userId) => navigate(routes.safety(chatId, userId))}
                isSearching={searchedId === chatId}
                onSearching={(isSearching) => setSearchedId(isSearching ? chatId : null)}
                onAbout={() => navigate(aboutShown ? routes.chat(chatId) : routes.about(chatId))}
              />
            )}
            {chatId === null && screen.type !== "directory" && (
              <div className="shell-notice">
                <p className="shell-invitation">{words.thread.choose}</p>
              </div>
            )}
          </ErrorBoundary>
        </div>
        {aboutShown && chatId !== null && (
          <aside className="shell-right">
            <ErrorBoundary key={chatId} words={words.crash}>
              <Suspense>
                <About
                  conversationId={chatId}
                  safetyWith={screen.type === "chat" ? screen.safetyWith : null}
                  onSafety={(userId) =>
                    navigate(userId === null ? routes.about(chatId) : routes.safety(chatId, userId))
                  }
                  onClose={closeAbout}
                  onOpen={open}
                  onGone={toChats}
                  onSearch={() => {
                    setSearchedId(chatId);
                    closeAbout();
                  }}
                />
              </Suspense>
            </ErrorBoundary>
          </aside>
        )}
      </main>
      <Media />
      <Suspense>
        <Encryption />
      </Suspense>
    </div>
  );
}

/** What is asked about keys, wherever it was begun. */
function Encryption() {
  const isAsked = useEncryptionDialog(({ asked }) => asked !== null);
  const isGiving = useStore(useClient().stores.encryption, ({ handover }) => handover?.role === "giving");
  return (
    <>
      {isAsked && <EncryptionDialogs />}
      {isGiving && <GivingDialog />}
    </>
  );
}

/** What is looked at in full, wherever it was opened. */
function Media() {
  const { viewed } = useViewed();
  return (
    <Suspense>
      {viewed && <MediaViewer viewed={viewed} />}
    </Suspense>
  );
}

/** Where each part is a screen of its own. */
const oneColumn = "(max-width: 599.98px)";

/** Where what a chat is about stands beside it, and not over it. */
const threeColumns = "(min-width: 1000px)";

type AboutProps = {
  conversationId: string;
  safetyWith: string | null;
  onSafety: (userId: string | null) => void;
  onClose: () => void;
  onOpen: (conversationId: string) => void;
  onGone: () => void;
  onSearch: () => void;
};

function About({ conversationId, ...rest }: AboutProps) {
  const client = useClient();
  const conversation = useConversation(conversationId);
  const isBeside = useMedia(threeColumns);
  if (!conversation) return null;
  const goTo = (messageId: string) => {
    client.goTo(conversationId, { message_id: messageId });
    if (!isBeside) rest.onClose();
  };
  return <AboutPanel conversation={conversation} onView={viewMedia} onGoTo={goTo} {...rest} />;
}
