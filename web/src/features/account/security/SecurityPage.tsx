import { useAnswer, useLookedAt } from "../../../bindings/answer.ts";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { Loaded } from "../Loaded.tsx";
import { SettingsBlock } from "../SettingsFrame.tsx";
import { IdentityList } from "./IdentityList.tsx";
import { PasskeyList } from "./PasskeyList.tsx";
import { PasswordBlock } from "./PasswordBlock.tsx";
import { RecoveryCodesBlock } from "./RecoveryCodesBlock.tsx";
import { SecondStepBlock } from "./SecondStepBlock.tsx";
import { TotpBlock } from "./TotpBlock.tsx";

/** Every way in, and what stands before it. */
export function SecurityPage() {
  const { settings } = useWords();
  const client = useClient();
  const { answer, load } = useAnswer(client.settings.security);
  useLookedAt(load);
  return (
    <Loaded answer={answer} onRetry={load} rows={6} ofBlocks>
      {(security) => {
        const block = { security, onChanged: load };
        return (
          <>
            <SettingsBlock title={settings.pass.title}>
              <PasswordBlock {...block} />
            </SettingsBlock>
            <SettingsBlock title={settings.step.title}>
              <SecondStepBlock {...block} />
              <TotpBlock {...block} />
              {(security.totp || security.second_step) && <RecoveryCodesBlock {...block} />}
            </SettingsBlock>
            <SettingsBlock title={settings.passkeys.title} text={settings.passkeys.text}>
              <PasskeyList {...block} />
            </SettingsBlock>
            <IdentityList onChanged={load} />
          </>
        );
      }}
    </Loaded>
  );
}
