/** The parts that load when they are first looked at, or when nothing else is to do. */

import { lazy } from "react";

const about = () => import("../features/about/AboutPanel.tsx");
const directory = () => import("../features/directory/DirectoryPage.tsx");
const settings = () => import("../features/account/SettingsPanel.tsx");

export const AboutPanel = lazy(async () => ({ default: (await about()).AboutPanel }));
export const DirectoryPage = lazy(async () => ({ default: (await directory()).DirectoryPage }));
export const SettingsPanel = lazy(async () => ({ default: (await settings()).SettingsPanel }));

const changeEmail = () => import("../features/signin/ChangeEmailPage.tsx");

export const ChangeEmailPage = lazy(async () => ({ default: (await changeEmail()).ChangeEmailPage }));
export const ChangeEmailFirstPage = lazy(async () => ({ default: (await changeEmail()).ChangeEmailFirstPage }));
export const ConfirmEmailPage = lazy(async () => ({
  default: (await import("../features/signin/ConfirmEmailPage.tsx")).ConfirmEmailPage,
}));
export const ForgottenPage = lazy(async () => ({
  default: (await import("../features/signin/ForgottenPage.tsx")).ForgottenPage,
}));
export const PhonePage = lazy(async () => ({
  default: (await import("../features/signin/PhonePage.tsx")).PhonePage,
}));
export const ProviderFailedPage = lazy(async () => ({
  default: (await import("../features/signin/ProviderFailedPage.tsx")).ProviderFailedPage,
}));
export const ResetPage = lazy(async () => ({
  default: (await import("../features/signin/ResetPage.tsx")).ResetPage,
}));
export const SecondStepPage = lazy(async () => ({
  default: (await import("../features/signin/SecondStepPage.tsx")).SecondStepPage,
}));
