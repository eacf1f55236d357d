/** Which dialog about encryption is open; the view that shows it stands once in the page. */

import { create } from "zustand";

/**
 * `setUp`: the account gets its keys; `addPasskey`: one more way to get them back; `key`: a recovery key, this once;
 * `explain`: what encryption means here.
 */
type EncryptionDialog =
  | { readonly type: "setUp" | "addPasskey" | "explain" }
  | { readonly type: "key"; readonly recoveryKey: string };

interface Asked {
  readonly dialog: EncryptionDialog;
  /** To be called with what came of it once it closes. */
  readonly onClosed: (isDone: boolean) => void;
}

export const useEncryptionDialog = create<{ readonly asked: Asked | null }>(() => ({ asked: null }));

/** Opens it; resolves when it closes, with whether what it is for was done. */
export async function openEncryptionDialog(dialog: EncryptionDialog): Promise<boolean> {
  useEncryptionDialog.getState().asked?.onClosed(false);
  return await new Promise((resolve) => {
    useEncryptionDialog.setState({ asked: { dialog, onClosed: resolve } });
  });
}

export function closeEncryptionDialog(isDone: boolean): void {
  const { asked } = useEncryptionDialog.getState();
  useEncryptionDialog.setState({ asked: null });
  asked?.onClosed(isDone);
}
