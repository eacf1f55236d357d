/** The pages of the settings, by the last part of their address. */

export const settingsPages = [
  "profile",
  "starred",
  "notifications",
  "privacy",
  "security",
  "encryption",
  "devices",
  "appearance",
] as const;
export type SettingsPage = (typeof settingsPages)[number];
