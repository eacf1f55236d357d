import "./shell.css";
import { clsx } from "clsx";
import { Suspense, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useConversation } from "../bindings/client.tsx";
import { useWords } from "../bindings/language.tsx";
import { AccountMenu } from "../features/account/AccountMenu.tsx";
import { ChatsPanel } from "../features/chats/ChatsPanel.tsx";
import { NewChatButton } from "../features/newchat/NewChatButton.tsx";
import { ConfirmReminder } from "../features/signin/ConfirmReminder.tsx";
import { ChatScreen } from "./ChatScreen.tsx";
import { ConnectionBar } from "./ConnectionBar.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { AboutPanel, DirectoryPage, SettingsPanel } from "./lazy.ts";
import { routes, screenAt } from "./routes.ts";
import { useShortcuts } from "./useShortcuts.ts";
import { useTitle } from "./useTitle.ts";

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

  const open = (id: string) => navigate(routes.chat(id));
  const toChats = () => navigate(routes.chats);
  const closeAbout = () => chatId !== null && open(chatId);
  const fromSettings = () => navigate(lastChatId === null ? routes.chats : routes.chat(lastChatId));
  useTitle();
  useShortcuts({ search, chatId, onOpen: open, ...(aboutShown && { onEscape: closeAbout }) });

  return (
    <div className="shell">
      <ConnectionBar />
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
                menu={
                  <AccountMenu
                    onSettings={() => navigate(routes.settings)}
                    onSignedOut={toChats}
                  />
                }
                notice={<ConfirmReminder />}
                newChat={<NewChatButton onCreated={open} />}
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
                <About conversationId={chatId} onClose={closeAbout} onOpen={open} onGone={toChats} />
              </Suspense>
            </ErrorBoundary>
          </aside>
        )}
      </main>
    </div>
  );
}

type AboutProps = {
  conversationId: string;
  onClose: () => void;
  onOpen: (conversationId: string) => void;
  onGone: () => void;
};

function About({ conversationId, ...rest }: AboutProps) {
  const conversation = useConversation(conversationId);
  return conversation ? <AboutPanel conversation={conversation} {...rest} /> : null;
}
