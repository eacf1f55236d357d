import { RegisterPage } from "../features/signin/RegisterPage.tsx";
import { SignInPage } from "../features/signin/SignInPage.tsx";
import {
  changeEmailPath,
  forgottenPath,
  phonePath,
  providerFailedPath,
  secondStepPath,
} from "../features/signin/paths.ts";
import {
  ChangeEmailFirstPage,
  ForgottenPage,
  PhonePage,
  ProviderFailedPage,
  SecondStepPage,
} from "./lazy.ts";
import { routes } from "./routes.ts";

/** The pages for somebody who is not signed in; the sign-in page for every path that is none of theirs. */
export function SignedOut({ path }: { path: string }) {
  switch (path) {
    case routes.register:
      return <RegisterPage signInHref={routes.chats} />;
    case phonePath:
      return <PhonePage signInHref={routes.chats} />;
    case secondStepPath:
      return <SecondStepPage signInHref={routes.chats} />;
    case providerFailedPath:
      return <ProviderFailedPage backHref={routes.chats} />;
    case forgottenPath:
      return <ForgottenPage signInHref={routes.chats} />;
    case changeEmailPath:
      return <ChangeEmailFirstPage signInHref={routes.chats} />;
    default:
      return <SignInPage registerHref={routes.register} />;
  }
}
