/** The addresses of the pages that people come in by. */

export const doors = {
  signIn: "/sign-in",
  register: "/register",
  phone: "/sign-in/phone",
  secondStep: "/sign-in/second-step",
  providerFailed: "/sign-in/provider-failed",
  forgotPassword: "/forgot-password",
  resetPassword: "/reset-password",
  confirmEmail: "/confirm-email",
  changeEmail: "/change-email",
} as const;

export type Door = keyof typeof doors;

/** Which of them is at this path; null where none is. */
export function doorAt(path: string): Door | null {
  const names = Object.keys(doors) as Door[];
  return names.find((door) => doors[door] === path) ?? null;
}

const openToAll = new Set<Door | null>(["providerFailed", "resetPassword", "confirmEmail"]);

/** Whether it makes sense to people who are in as well: it goes on from what a mail or a provider said. */
export function isOpenToAll(door: Door | null): boolean {
  return openToAll.has(door);
}

/** Whether links to this page carry behind their `#` what nobody else may see. */
export function isSecret(path: string): boolean {
  const door = doorAt(path);
  return door === "secondStep" || door === "changeEmail" || isOpenToAll(door);
}
