/** Which of the two themes is to be seen just now. */

import { useStore } from "zustand";
import { useClient } from "./client.tsx";
import { useMedia } from "./media.ts";

export function useShownTheme(): "day" | "night" {
  const theme = useStore(useClient().stores.preferences, (preferences) => preferences.theme);
  const isDark = useMedia("(prefers-color-scheme: dark)");
  if (theme === "auto") return isDark ? "night" : "day";
  return theme;
}
