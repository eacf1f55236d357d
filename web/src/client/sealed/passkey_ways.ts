/** The account secret by way of a passkey, where passkeys can give secrets (WebAuthn's `prf`). */

import type { Bytes } from "../../crypto/bytes.ts";
import { browserPasskeyPrf } from "../../crypto/passkey_prf.ts";
import { newPrfQuestion, openWithPasskey, prfQuestionOf, wrapForPasskey } from "../../crypto/wraps.ts";
import { canUsePasskeys } from "../../protocol/passkeys.ts";
import type { Rest } from "../../protocol/rest.ts";
import type { OwnKeys } from "./own_keys.ts";
import { refusal } from "./refusals.ts";

export interface PasskeyWays {
  /** One of the person's passkeys, whichever they present, opens the secret from now on. */
  add(label: string): Promise<void>;
  secret(): Promise<Bytes>;
}

export function passkeyWays(
  myId: string,
  own: OwnKeys,
  rest: Pick<Rest, "security" | "passkeySignInOptions">,
): PasskeyWays {
  /** The site that the server's passkeys are for: not the page's own host where it has several. */
  async function door() {
    const { options } = await rest.passkeySignInOptions();
    const { rpId } = options as { readonly rpId?: string };
    return browserPasskeyPrf(rpId);
  }
  return {
    add: async (label) => {
      const { secret } = own.requireUnlocked();
      const { passkeys } = await rest.security();
      if (!canUsePasskeys() || passkeys.length === 0) throw refusal("passkey_without_secret");
      const answer = await (await door()).ask(passkeys.map(({ id }) => newPrfQuestion(id)));
      if (answer === null) throw refusal("passkey_without_secret");
      const wrapped = await wrapForPasskey(secret, myId, answer.question, answer.output);
      await own.addWrap({ kind: "passkey", label, wrapped: { ...wrapped } });
    },
    secret: async () => {
      await own.look();
      const wraps = own.wraps().filter(({ kind }) => kind === "passkey");
      const questions = wraps.map(({ wrapped }) => prfQuestionOf(wrapped)).filter((question) => question !== null);
      if (questions.length === 0) throw refusal("no_wrap");
      const answer = canUsePasskeys() ? await (await door()).ask(questions) : null;
      if (answer === null) throw refusal("passkey_without_secret");
      for (const { wrapped } of wraps) {
        if (prfQuestionOf(wrapped)?.credential !== answer.question.credential) continue;
        const opened = await openWithPasskey(wrapped, myId, answer.output);
        if (opened.status === "opened") return opened.secret;
      }
      throw refusal("recovery_key_other");
    },
  };
}
