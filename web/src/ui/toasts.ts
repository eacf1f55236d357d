import { create } from "zustand";

const shown_ms = 4500;

type Toast = { id: number; text: string };
type Toasts = { shown: readonly Toast[] };

let lastId = 0;

/** The short sentences now shown at the foot of the page. */
export const useToasts = create<Toasts>(() => ({ shown: [] }));

/** Says one plain sentence for a few seconds, on the screen and to screen readers. */
export function showToast(text: string): void {
  lastId += 1;
  const id = lastId;
  useToasts.setState(({ shown }) => ({
    shown: [...shown.filter((toast) => toast.text !== text), { id, text }],
  }));
  setTimeout(() => {
    useToasts.setState(({ shown }) => ({ shown: shown.filter((toast) => toast.id !== id) }));
  }, shown_ms);
}
