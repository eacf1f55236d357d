import "./encryption.css";
import { Copy, Hourglass, ScanQrCode, ShieldAlert, ShieldCheck } from "lucide-react";
import { lazy, Suspense, useCallback, useState } from "react";
import { useAction } from "../../bindings/action.ts";
import { useAnswer } from "../../bindings/answer.ts";
import { useClient, useUser } from "../../bindings/client.tsx";
import { useCopying } from "../../bindings/copying.ts";
import { useWords } from "../../bindings/language.tsx";
import { useStanding, useTrust } from "../../bindings/sealed.ts";
import type { SafetyNumber } from "../../model/encryption.ts";
import { ApiError } from "../../protocol/errors.ts";
import { Button } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { showToast } from "../../ui/toasts.ts";
import { nameOf } from "../../words/names.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { AboutPage } from "./AboutPage.tsx";
import { DifferDialog } from "./DifferDialog.tsx";
import { canScan } from "./scanning.ts";
import { Scanner } from "./Scanner.tsx";

const QrCode = lazy(async () => ({ default: (await import("../../ui/QrCode.tsx")).QrCode }));

type SafetyPageProps = { userId: string; onBack: () => void };

/** The number that two people compare, and what came of it. It is asked for anew when what it is made of changes. */
export function SafetyPage({ userId, onBack }: SafetyPageProps) {
  const trust = useTrust(userId);
  const standing = useStanding();
  const isKnown = trust === "known" || trust === "verified";
  return <Page key={`${standing} ${isKnown ? "known" : trust}`} userId={userId} onBack={onBack} />;
}

function Page({ userId, onBack }: SafetyPageProps) {
  const words = useWords();
  const { encryption } = useClient();
  const texts = words.encryption.safety;
  const name = nameOf(useUser(userId), words);
  const ask = useCallback(() => encryption.safetyNumber(userId), [encryption, userId]);
  const { answer, load } = useAnswer(ask);
  return (
    <AboutPage title={texts.title} onBack={onBack}>
      {answer.status === "loading" && <NumberSkeleton />}
      {answer.status === "failed" && (
        <EmptyState icon={<ShieldAlert />} title={sentenceOf(answer.error, words)}>
          <Button tone="accent" onClick={() => void load()}>
            {words.tryAgain}
          </Button>
        </EmptyState>
      )}
      {answer.status === "ready" && answer.value === null && (
        <EmptyState icon={<Hourglass />} title={texts.with(name)} text={texts.none(name)}>
          <Button tone="accent" onClick={() => void load()}>
            {words.tryAgain}
          </Button>
        </EmptyState>
      )}
      {answer.status === "ready" && answer.value !== null && (
        <Compared userId={userId} name={name} number={answer.value} onStale={load} />
      )}
    </AboutPage>
  );
}

type ComparedProps = { userId: string; name: string; number: SafetyNumber; onStale: () => Promise<void> };

function Compared({ userId, name, number, onStale }: ComparedProps) {
  const words = useWords();
  const { encryption } = useClient();
  const texts = words.encryption.safety;
  const trust = useTrust(userId);
  const copy = useCopying(texts.copied);
  const { action, run } = useAction();
  const [isScanning, setIsScanning] = useState(false);
  const [isTold, setIsTold] = useState(false);
  const isVerified = trust === "verified";
  const isBusy = action.status === "running";

  const verify = (isSame: boolean) =>
    run(async () => {
      try {
        await encryption.verify(userId, isSame);
      } catch (error) {
        // The number in view is that of another key than the one that there is now.
        if (error instanceof ApiError && error.code === "key_changed") await onStale();
        throw error;
      }
      if (isSame) showToast(texts.matched(name));
    });
  const differ = () => {
    setIsTold(true);
    void verify(false);
  };
  return (
    <div className="safety">
      {isVerified ? (
        <p className="safety-verified" role="status">
          <ShieldCheck aria-hidden="true" />
          {texts.isVerified(name)}
        </p>
      ) : (
        <p className="safety-text">{texts.text(name)}</p>
      )}
      {trust === "changed" && (
        <p className="safety-changed">
          <ShieldAlert aria-hidden="true" />
          {words.encryption.thread.changedText(name)}
        </p>
      )}
      {isScanning ? (
        <Scanner
          userId={userId}
          name={name}
          onSame={() => {
            setIsScanning(false);
            void verify(true);
          }}
          onDifferent={() => {
            setIsScanning(false);
            differ();
          }}
          onClose={() => setIsScanning(false)}
        />
      ) : (
        <Suspense fallback={<Skeleton shape="bubble" width="11rem" height="11rem" />}>
          <QrCode text={number.qr} label={texts.qr} />
        </Suspense>
      )}
      <ol className="safety-number" aria-label={texts.number}>
        {number.digits.split(" ").map((group, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- a group has nothing but its place
          <li key={at}>{group}</li>
        ))}
      </ol>
      <div className="safety-tools">
        <Button onClick={() => void copy(number.digits)}>
          <Copy aria-hidden="true" />
          {texts.copy}
        </Button>
        {canScan() && !isScanning && !isVerified && (
          <Button onClick={() => setIsScanning(true)}>
            <ScanQrCode aria-hidden="true" />
            {texts.scan}
          </Button>
        )}
      </div>
      {action.status === "refused" && (
        <p className="dialog-refusal" role="alert">
          {sentenceOf(action.error, words)}
        </p>
      )}
      <div className="safety-acts">
        {isVerified ? (
          <Button wide busy={isBusy} onClick={() => void verify(false)}>
            {texts.takeBack}
          </Button>
        ) : (
          <>
            <Button wide tone="accent" busy={isBusy} onClick={() => void verify(true)}>
              {texts.match}
            </Button>
            <Button wide tone="danger-plain" onClick={differ}>
              {texts.differ}
            </Button>
          </>
        )}
      </div>
      {isTold && <DifferDialog name={name} onClose={() => setIsTold(false)} />}
    </div>
  );
}

function NumberSkeleton() {
  const words = useWords();
  return (
    <div className="safety" role="status" aria-label={words.loading}>
      <Skeleton shape="bubble" width="11rem" height="11rem" />
      <Skeleton shape="line" width="70%" height="1rem" />
      <Skeleton shape="line" width="70%" height="1rem" />
      <Skeleton shape="line" width="70%" height="1rem" />
    </div>
  );
}
