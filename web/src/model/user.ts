/** People, as the server tells of them. Field names are the wire's own. */

export interface User {
  readonly id: string;
  /** Null unless the two share a conversation. */
  readonly email: string | null;
  readonly display_name: string;
  readonly username: string | null;
  readonly number: number;
  /** Address of the picture, or null: then the coloured initials stand for it. */
  readonly avatar: string | null;
  /** What the person says of themselves. */
  readonly about: string | null;
  /** True: the account is gone, and its messages say so. */
  readonly is_deleted: boolean;
}

export type Theme = "day" | "night" | "auto";

export interface Profile {
  /** True: others never see this person online. */
  readonly hidden: boolean;
  readonly theme: Theme;
  /** Text size as a factor, 0.7 to 1.4. */
  readonly magnification: number;
  /** Emoji used lately, newest first. */
  readonly recents: readonly string[];
}

/** The signed-in person. */
export interface Me extends User, Profile {
  readonly phone: string | null;
  /** True: signing in asks for a second proof. */
  readonly second_step: boolean;
  readonly is_admin: boolean;
  readonly confirmed_at: string | null;
}
