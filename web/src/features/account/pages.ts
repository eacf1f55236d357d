/** The pages of the settings, by the last part of their address. */

export const settingsPages = ["profile", "privacy", "security", "devices", "appearance"] as const;
export type SettingsPage = (typeof settingsPages)[number];
