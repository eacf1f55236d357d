/** The addresses of the pages for people who are not signed in, and of those that mails lead to. */

export const phonePath = "/sign-in/phone";
export const secondStepPath = "/sign-in/second-step";
export const providerFailedPath = "/sign-in/provider-failed";
export const forgottenPath = "/forgot-password";
export const resetPath = "/reset-password";
export const confirmEmailPath = "/confirm-email";
export const changeEmailPath = "/change-email";

/** Where the server sends a browser on to a provider. */
export const providerAddress = (id: string) => `/auth/social/${encodeURIComponent(id)}`;
