import { useLayoutEffect } from "react";
import { useStore } from "zustand";
import { useClient } from "../bindings/client.tsx";
import { useShownTheme } from "../bindings/theme.ts";

/** Puts the chosen theme and text size on the page. */
export function useAppearance(): void {
  const theme = useShownTheme();
  const magnification = useStore(
    useClient().stores.preferences,
    (preferences) => preferences.magnification,
  );

  useLayoutEffect(() => {
    document.documentElement.dataset["theme"] = theme;
    const surface = getComputedStyle(document.documentElement).getPropertyValue("--surface");
    document.querySelector("meta[name=theme-color]")?.setAttribute("content", surface.trim());
  }, [theme]);

  useLayoutEffect(() => {
    document.documentElement.style.setProperty("--magnification", String(magnification));
  }, [magnification]);
}
