/** The parts that load when they are first looked at, or when nothing else is to do. */

import { lazy } from "react";

const about = () => import("../features/about/AboutPanel.tsx");
const directory = () => import("../features/directory/DirectoryPage.tsx");
const media = () => import("../features/media/MediaViewer.tsx");
const encryption = () => import("../features/encryption/EncryptionDialogs.tsx");
const giving = () => import("../features/encryption/GivingDialog.tsx");
const invite = () => import("../features/invite/InvitePage.tsx");
const settings = () => import("../features/account/SettingsPanel.tsx");
const callBar = () => import("../features/voice/CallBar.tsx");
const callDock = () => import("../features/voice/CallDock.tsx");
const rings = () => import("../features/voice/Rings.tsx");

export const AboutPanel = lazy(async () => ({ default: (await about()).AboutPanel }));
export const CallBar = lazy(async () => ({ default: (await callBar()).CallBar }));
export const CallDock = lazy(async () => ({ default: (await callDock()).CallDock }));
export const DirectoryPage = lazy(async () => ({ default: (await directory()).DirectoryPage }));
export const EncryptionDialogs = lazy(async () => ({ default: (await encryption()).EncryptionDialogs }));
export const GivingDialog = lazy(async () => ({ default: (await giving()).GivingDialog }));
export const MediaViewer = lazy(async () => ({ default: (await media()).MediaViewer }));
export const InvitePage = lazy(async () => ({ default: (await invite()).InvitePage }));
export const Rings = lazy(async () => ({ default: (await rings()).Rings }));
export const SettingsPanel = lazy(async () => ({ default: (await settings()).SettingsPanel }));
