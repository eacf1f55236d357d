import { Suspense } from "react";
import { ToastArea } from "../ui/Toast.tsx";
import { Entrance } from "./Entrance.tsx";
import { Splash } from "./Splash.tsx";
import { useAppearance } from "./useAppearance.ts";

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
