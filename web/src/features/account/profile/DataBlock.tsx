import { Download, PackageCheck, PackageX } from "lucide-react";
import { useCallback, useEffect, useRef, useState, type MouseEvent } from "react";
import { useAnswer } from "../../../bindings/answer.ts";
import { useClient } from "../../../bindings/client.tsx";
import { useLanguage } from "../../../bindings/language.tsx";
import { useNow } from "../../../bindings/now.ts";
import type { DataExport } from "../../../model/security.ts";
import { dayLabel } from "../../../model/times.ts";
import { Button } from "../../../ui/Button.tsx";
import { ProgressBar } from "../../../ui/ProgressBar.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { sentenceOf } from "../../../words/refusals.ts";
import { Loaded } from "../Loaded.tsx";
import { SettingsFact } from "../SettingsRow.tsx";

const asked_again_ms = 1000;

/** A copy of everything that is one's own: asked for, watched, and fetched. */
export function DataBlock() {
  const { words } = useLanguage();
  const { settings } = useClient();
  const { answer, load, put } = useAnswer(settings.lastExport);
  const [isAsking, setIsAsking] = useState(false);
  const known = answer.status === "ready" ? answer.value : null;
  const isUnderWay = known?.status === "waiting" || known?.status === "running";

  useEffect(() => {
    if (!isUnderWay) return undefined;
    const timer = setInterval(() => void load(), asked_again_ms);
    return () => clearInterval(timer);
  }, [isUnderWay, load]);

  const ask = useCallback(async () => {
    setIsAsking(true);
    try {
      put(await settings.startExport());
    } catch (error) {
      showToast(sentenceOf(error, words));
    } finally {
      setIsAsking(false);
    }
  }, [settings, put, words]);

  return (
    <Loaded answer={answer} onRetry={load} rows={1}>
      {(last) => (
        <div className="settings-data" aria-live="polite">
          {last && <Packing last={last} />}
          {!isUnderWay && (
            <Button busy={isAsking} onClick={() => void ask()}>
              {last ? words.settings.data.again : words.settings.data.ask}
            </Button>
          )}
        </div>
      )}
    </Loaded>
  );
}

function Packing({ last }: { last: DataExport }) {
  const { words, locale } = useLanguage();
  const now = useNow();
  const texts = words.settings.data;
  switch (last.status) {
    case "waiting":
    case "running": {
      const isCounted = last.status === "running" && last.total > 0;
      return (
        <div className="settings-packing">
          <ProgressBar label={texts.progress} done={isCounted ? last.done / last.total : null} />
          <p className="settings-soft">
            {isCounted ? texts.running(last.done, last.total) : texts.waiting}
          </p>
        </div>
      );
    }
    case "failed":
      return <SettingsFact icon={<PackageX />} label={texts.failed} />;
    case "ready":
      return (
        <>
          <SettingsFact
            icon={<PackageCheck />}
            label={texts.ready}
            hint={[
              last.size === null ? "" : `${texts.size(megabytes(last.size, locale))}.`,
              last.expires_at === null ? "" : texts.until(dayLabel(last.expires_at, now, locale)),
            ].join(" ")}
          />
          <DownloadLink exportId={last.id} />
        </>
      );
  }
}

/** The browser fetches the file by itself, and cannot renew a session: that is done first. */
function DownloadLink({ exportId }: { exportId: string }) {
  const { words } = useLanguage();
  const { settings } = useClient();
  const isRenewed = useRef(false);

  const renewFirst = async (event: MouseEvent<HTMLAnchorElement>) => {
    if (isRenewed.current) {
      isRenewed.current = false;
      return;
    }
    event.preventDefault();
    const link = event.currentTarget;
    try {
      await settings.lastExport();
      isRenewed.current = true;
      link.click();
    } catch (error) {
      showToast(sentenceOf(error, words));
    }
  };
  return (
    <a
      className="button button-accent"
      href={`/api/me/export/${exportId}/tertulia.zip`}
      download
      onClick={(event) => void renewFirst(event)}
    >
      <Download aria-hidden="true" />
      {words.settings.data.download}
    </a>
  );
}

function megabytes(bytes: number, locale: string): string {
  const digits = { maximumFractionDigits: bytes < 10_000_000 ? 1 : 0, minimumFractionDigits: 0 };
  return new Intl.NumberFormat(locale, digits).format(Math.max(bytes / 1_000_000, 0.1));
}
