import { Suspense } from "react";
import { useLocation } from "wouter";
import { useStore } from "zustand";
import { useClient } from "../bindings/client.tsx";
import { RegisterPage } from "../features/signin/RegisterPage.tsx";
import { SignInPage } from "../features/signin/SignInPage.tsx";
import { ToastArea } from "../ui/Toast.tsx";
import { routes } from "./routes.ts";
import { Shell } from "./Shell.tsx";
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

function Entrance() {
  const client = useClient();
  const [path] = useLocation();
  const status = useStore(client.stores.session, (session) => session.status);
  switch (status) {
    case "unknown":
      return <Splash />;
    case "signedOut":
      return path === routes.register ? (
        <RegisterPage signInHref={routes.chats} />
      ) : (
        <SignInPage registerHref={routes.register} />
      );
    case "signedIn":
      return <Shell />;
  }
}
