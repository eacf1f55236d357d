import { LogOut, Monitor, Smartphone } from "lucide-react";
import { useLanguage } from "../../../bindings/language.tsx";
import { useNow } from "../../../bindings/now.ts";
import type { Device } from "../../../model/security.ts";
import { fullTime, relativeTime } from "../../../model/times.ts";
import { IconButton } from "../../../ui/IconButton.tsx";

const pocketNames = /android|iphone|ipad|phone|mobile/iu;
/** A device that was used within this is in use: the server notes the last use now and then, not each time. */
const recent_ms = 120_000;

type DeviceRowProps = { device: Device; onSignOut?: () => void };

/** What it is, where it was last seen, and when. */
export function DeviceRow({ device, onSignOut }: DeviceRowProps) {
  const { words, locale } = useLanguage();
  const now = useNow();
  const texts = words.settings.sessions;
  const isRecent = now.getTime() - Date.parse(device.last_used_at) < recent_ms;
  const when =
    device.current || isRecent
      ? texts.now
      : texts.used(relativeTime(device.last_used_at, now, locale));
  return (
    <li className="settings-fact" aria-label={device.name}>
      <span className="settings-row-icon" aria-hidden="true">
        {pocketNames.test(device.name) ? <Smartphone /> : <Monitor />}
      </span>
      <span className="settings-row-text">
        <span className="settings-row-label">{device.name}</span>
        <span className="settings-row-hint">
          {device.address && `${device.address} · `}
          <time dateTime={device.last_used_at} title={fullTime(device.last_used_at, locale)}>
            {when}
          </time>
        </span>
      </span>
      {onSignOut && (
        <IconButton
          label={texts.signOutName(device.name)}
          icon={<LogOut />}
          onClick={onSignOut}
        />
      )}
    </li>
  );
}
