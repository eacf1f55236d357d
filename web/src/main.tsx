import "@fontsource-variable/roboto/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { ErrorBoundary } from "./app/ErrorBoundary.tsx";
import { keepShellOffline } from "./app/offline.ts";
import { takeFragments } from "./bindings/fragment.ts";
import { ClientProvider } from "./bindings/client.tsx";
import { LanguageProvider } from "./bindings/language.tsx";
import { createClient } from "./client/create.ts";
import { isSecret } from "./features/signin/doors.ts";
import { TooltipProvider } from "./ui/Tooltip.tsx";
import { languageFor } from "./words/language.ts";

const root = document.getElementById("root");
if (!root) throw new Error("The page has no place for the client.");

takeFragments(isSecret);
const client = createClient();
void client.start();
const language = await languageFor(navigator.languages);
document.documentElement.lang = language.locale;

createRoot(root).render(
  <StrictMode>
    <LanguageProvider language={language}>
      <ErrorBoundary words={language.words.crash}>
        <ClientProvider client={client}>
          <TooltipProvider>
            <App />
          </TooltipProvider>
        </ClientProvider>
      </ErrorBoundary>
    </LanguageProvider>
  </StrictMode>,
);

keepShellOffline();
