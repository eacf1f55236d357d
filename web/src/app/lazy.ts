/** The parts that load when they are first looked at, or when nothing else is to do. */

import { lazy } from "react";

const about = () => import("../features/about/AboutPanel.tsx");
const directory = () => import("../features/directory/DirectoryPage.tsx");
const settings = () => import("../features/account/SettingsPanel.tsx");

export const AboutPanel = lazy(async () => ({ default: (await about()).AboutPanel }));
export const DirectoryPage = lazy(async () => ({ default: (await directory()).DirectoryPage }));
export const SettingsPanel = lazy(async () => ({ default: (await settings()).SettingsPanel }));
