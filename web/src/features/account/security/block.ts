import type { Security } from "../../../model/security.ts";

/** What the blocks of the security page are given. */
export type SecurityBlockProps = {
  security: Security;
  /** Something changed by it: the rest is to be read again. */
  onChanged: () => Promise<void>;
};
