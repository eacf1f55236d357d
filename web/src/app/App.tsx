import { Suspense, useEffect } from "react";
import { useLocation } from "wouter";
import { useStore } from "zustand";
import { useClient } from "../bindings/client.tsx";
import {
  changeEmailPath,
  confirmEmailPath,
  forgottenPath,
  phonePath,
  providerFailedPath,
  resetPath,
  secondStepPath,
} from "../features/signin/paths.ts";
import { ToastArea } from "../ui/Toast.tsx";
import { ChangeEmailPage, ConfirmEmailPage, ProviderFailedPage, ResetPage } from "./lazy.ts";
import { routes } from "./routes.ts";
import { Shell } from "./Shell.tsx";
import { SignedOut } from "./SignedOut.tsx";
import { Splash } from "./Splash.tsx";
import { useAppearance } from "./useAppearance.ts";

/** Who is looking decides what is shown. */
export function App() {
  useAppearance();
  return (
    <>
      <Suspense fallback={<Splash />}>
        <Entrance />
      </Suspense>
      <ToastArea />
    </>
  );
}

/** Where somebody who is signed in has nothing to do. */
const entrancePaths: ReadonlySet<string> = new Set([
  routes.register,
  phonePath,
  secondStepPath,
  forgottenPath,
]);

function Entrance() {
  const client = useClient();
  const [path, navigate] = useLocation();
  const status = useStore(client.stores.session, (session) => session.status);
  // Whoever has come in is not at the entrance any longer.
  const isLeft = status === "signedIn" && entrancePaths.has(path);
  useEffect(() => {
    if (isLeft) navigate(routes.chats, { replace: true });
  }, [isLeft, navigate]);
  if (status !== "unknown") {
    // What the link of a mail says holds whoever looks at it.
    if (path === confirmEmailPath) return <ConfirmEmailPage homeHref={routes.chats} />;
    if (path === resetPath) return <ResetPage signInHref={routes.chats} />;
  }
  switch (status) {
    case "unknown":
      return <Splash />;
    case "signedOut":
      return <SignedOut path={path} />;
    case "signedIn":
      if (path === changeEmailPath) return <ChangeEmailPage homeHref={routes.chats} />;
      // Connecting an account was refused.
      if (path === providerFailedPath) {
        return <ProviderFailedPage backHref={routes.settingsPage("security")} />;
      }
      return <Shell />;
  }
}
