import { Suspense, useEffect, useState } from "react";
import { Redirect, useLocation } from "wouter";
import { useStore } from "zustand";
import { useClient } from "../bindings/client.tsx";
import { useFragment } from "../bindings/fragment.ts";
import { useWords } from "../bindings/language.tsx";
import { ChangeEmailPage } from "../features/signin/ChangeEmailPage.tsx";
import { ConfirmEmailPage } from "../features/signin/ConfirmEmailPage.tsx";
import { doorAt, doors, isOpenToAll } from "../features/signin/doors.ts";
import { ForgotPasswordPage } from "../features/signin/ForgotPasswordPage.tsx";
import { PhonePage } from "../features/signin/PhonePage.tsx";
import { ProviderFailedPage } from "../features/signin/ProviderFailedPage.tsx";
import { RegisterPage } from "../features/signin/RegisterPage.tsx";
import { ResetPasswordPage } from "../features/signin/ResetPasswordPage.tsx";
import { SecondStepPage } from "../features/signin/SecondStepPage.tsx";
import { SignInPage } from "../features/signin/SignInPage.tsx";
import { type Admission, readSecondStep, type SecondStep } from "../model/entrance.ts";
import { InvitePage } from "./lazy.ts";
import { invitationAt, routes } from "./routes.ts";
import { Shell } from "./Shell.tsx";
import { Splash } from "./Splash.tsx";
import { forgetWanted, keepWanted, wantedPath } from "./wanted.ts";

/** Who is looking, and where, decides what is shown. */
export function Entrance() {
  const client = useClient();
  const [path, navigate] = useLocation();
  const status = useStore(client.stores.session, (session) => session.status);
  const door = doorAt(path);

  // Whoever comes for something and has to sign in first finds it afterwards, whichever way in they take.
  const [wanted, setWanted] = useState<string>(() => wantedPath() ?? routes.chats);
  const isWanted = door === null || door === "changeEmail";
  if (status === "signedOut" && isWanted && wanted !== path && (path !== routes.chats || !invited(wanted))) {
    setWanted(path);
  }
  const isIn = status === "signedIn";
  useEffect(() => {
    if (!isIn) {
      if (invited(wanted)) keepWanted(wanted);
      return;
    }
    // A provider leads back to the chats, whatever was wanted.
    const kept = wantedPath();
    forgetWanted();
    if (kept !== null && path === routes.chats) navigate(kept, { replace: true });
  }, [isIn, wanted, path, navigate]);

  if (status === "unknown") return <Splash />;
  const token = invitationAt(path);
  if (token !== null) {
    return (
      <Suspense fallback={<Splash />}>
        <InvitePage
          key={String(isIn)}
          token={token}
          isIn={isIn}
          signInHref={doors.signIn}
          registerHref={doors.register}
          chatsHref={routes.chats}
          onJoined={(id) => navigate(routes.chat(id))}
        />
      </Suspense>
    );
  }
  const signInHref = invited(wanted) ? doors.signIn : wanted;
  if (isOpenToAll(door) || (isIn && door === "changeEmail")) return <OpenDoor isIn={isIn} signInHref={signInHref} />;
  if (!isIn) return <ClosedDoor signInHref={signInHref} />;
  return door === null ? <Shell /> : <Redirect to={wanted} replace />;
}

function invited(path: string): boolean {
  return invitationAt(path) !== null;
}

/** What is there for people who are not in. */
function ClosedDoor({ signInHref }: { signInHref: string }) {
  const words = useWords();
  const [path, navigate] = useLocation();
  const handedOver = readSecondStep(useFragment(doors.secondStep));
  const [step, setStep] = useState<SecondStep | null>(null);

  const proceed = (admission: Admission) => {
    if (admission.type === "in") return;
    setStep(admission.step);
    navigate(doors.secondStep);
  };
  switch (doorAt(path)) {
    case "register":
      return <RegisterPage signInHref={signInHref} />;
    case "phone":
      return <PhonePage signInHref={signInHref} onAdmission={proceed} />;
    case "forgotPassword":
      return <ForgotPasswordPage signInHref={signInHref} />;
    case "secondStep":
      return <SecondStepPage step={step ?? handedOver} signInHref={signInHref} />;
    case "changeEmail":
      return <SignInPage reason={words.entrance.signInToChangeEmail} onAdmission={proceed} />;
    default:
      return <SignInPage onAdmission={proceed} />;
  }
}

/** What is there for everybody: the ends of links and of journeys. */
function OpenDoor({ isIn, signInHref }: { isIn: boolean; signInHref: string }) {
  const { entrance } = useWords();
  const [path] = useLocation();
  const secret = useFragment(path);

  switch (doorAt(path)) {
    case "confirmEmail": {
      const label = isIn ? entrance.toChats : entrance.reset.signIn;
      return <ConfirmEmailPage key={secret} token={secret} onwards={{ href: signInHref, label }} />;
    }
    case "resetPassword":
      return <ResetPasswordPage key={secret} token={secret} signInHref={signInHref} />;
    case "changeEmail":
      return (
        <ChangeEmailPage
          key={secret}
          token={secret}
          chatsHref={routes.chats}
          profileHref={routes.settingsPage("profile")}
        />
      );
    default:
      return (
        <ProviderFailedPage
          signInHref={signInHref}
          settingsHref={isIn ? routes.settingsPage("security") : null}
        />
      );
  }
}
