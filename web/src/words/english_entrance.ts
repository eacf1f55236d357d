/** The texts of coming in, and of the pages that mails lead to, in English. */

import { countedBy } from "./counted.ts";

export function englishEntrance(locale: string) {
  const { of } = countedBy(locale);
  const wait = (seconds: number) =>
    seconds < 90 ? of(Math.ceil(seconds), "second", "seconds") : of(Math.ceil(seconds / 60), "minute", "minutes");
  return {
    tooOften: (seconds: number) => `Too many tries. Try again in ${wait(seconds)}.`,
    or: "or",
    forgot: "Forgot password?",
    byPhone: "Sign in with phone",
    byPasskey: "Sign in with a passkey",
    byProvider: (title: string) => `Continue with ${title}`,
    back: "Back to sign-in",
    continue: "Continue",
    toChats: "Go to your chats",
    passkeyGivenUp: "No passkey was used. Try again, or come in another way.",

    phone: {
      title: "Sign in with phone",
      lead: "We send you a code by text message.",
      label: "Phone number",
      hint: "With the country code, as in +34 600 123 456",
      missing: "Enter your phone number.",
      send: "Send code",
      sent: (number: string) => `A code is on its way to ${number}.`,
      code: "Code",
      codeMissing: "Enter the code from the message.",
      name: "Display name",
      nameHint: "If you are new here: the name others will see",
      again: "Send the code again",
      againIn: (seconds: number) => `Send again in ${of(seconds, "second", "seconds")}`,
      otherNumber: "Use another number",
    },
    secondStep: {
      title: "One more step",
      lead: "Prove that it is really you.",
      leadApp: "Enter the code that your authenticator app shows.",
      leadRecovery: "Enter one of the recovery codes that you kept. It works once.",
      leadPasskey: "Use the passkey on this device or on another one.",
      code: "Code",
      recoveryCode: "Recovery code",
      codeMissing: "Enter the code.",
      usePasskey: "Use a passkey",
      useApp: "Use the authenticator app",
      useRecovery: "Use a recovery code",
      gone: "This sign-in took too long. Begin it again.",
    },
    providerFailed: {
      title: "That did not work",
      accessDenied: "You did not let the provider tell us who you are.",
      accountExists:
        "There is an account with your address already. Sign in to it, then connect the provider in Settings, Security.",
      stateMismatch: "This sign-in began elsewhere, or too long ago. Begin it again.",
      unavailable: "The provider does not answer at the moment. Try again later, or come in another way.",
      accountDisabled: "This account has been disabled.",
      identityTaken: "This account at the provider is connected to somebody else here.",
      providerConnected: "Another account at this provider is connected. Disconnect that one first.",
      other: "The provider did not confirm who you are. Try again, or come in another way.",
    },
    forgotten: {
      title: "Forgot your password?",
      lead: "We send you a link by which you choose a new one.",
      send: "Send the link",
      sentTitle: "Look into your mail",
      sent: (email: string) =>
        `If ${email} belongs to an account, a link is on its way there. It works once, within an hour.`,
    },
    reset: {
      title: "Choose a new password",
      lead: (name: string) => `For ${name}. Everywhere else you will be signed out.`,
      fresh: "New password",
      repeated: "Repeat it",
      mismatch: "The two are not the same.",
      submit: "Set the password",
      doneTitle: "Your password is set",
      done: "Sign in with it now.",
      bad: "This link does not work",
      badText: "It was used already, or it is too old. Ask for a new one.",
      askAnew: "Ask for a new link",
    },
    confirm: {
      running: "Confirming your address…",
      title: "Your address is confirmed",
      text: "Thank you. Now a forgotten password can be mended by mail.",
      bad: "This link does not work",
      badText: "It was used already, or it is too old. You can have a new one sent in Settings, Profile.",
      failed: "The address could not be confirmed just now.",
    },
    changeEmail: {
      title: "Change your email address",
      lead: "A mail to the new address will ask to confirm it.",
      label: "New email",
      submit: "Change the address",
      doneTitle: "Your address is changed",
      done: (email: string) => `Look for our mail to ${email} and open its link.`,
      signInFirst: "Sign in first, then open the link of the mail once more.",
    },
    confirmBar: {
      text: (email: string) => `Confirm your email: we wrote to ${email}.`,
      again: "Send again",
      sent: "The mail is on its way.",
      hide: "Hide",
    },
  };
}
