/** Moments worded for the reader's locale and time zone. Moments come in as ISO-8601, `now` as a Date. */

const day_ms = 86_400_000;

/** For the list of chats: the time today, the weekday within a week, else the date. */
export function chatTime(iso: string, now: Date, locale?: string): string {
  const at = new Date(iso);
  const days = daysBetween(at, now);
  if (days === 0) return clockTime(iso, locale);
  if (days > 0 && days < 7) return format(locale, { weekday: "short" }).format(at);
  if (at.getFullYear() === now.getFullYear()) return format(locale, { day: "numeric", month: "short" }).format(at);
  return format(locale, { day: "numeric", month: "numeric", year: "2-digit" }).format(at);
}

/** For a bubble: hours and minutes. */
export function clockTime(iso: string, locale?: string): string {
  return format(locale, { hour: "2-digit", minute: "2-digit" }).format(new Date(iso));
}

/** A moment in short, with its day: "28 Nov 2026, 21:06". */
export function momentText(iso: string, locale?: string): string {
  return format(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}

/** For a tooltip: the whole moment. */
export function fullTime(iso: string, locale?: string): string {
  return format(locale, { dateStyle: "long", timeStyle: "medium" }).format(new Date(iso));
}

/** For a date separator: today, yesterday, else the date. */
export function dayLabel(iso: string, now: Date, locale?: string): string {
  const at = new Date(iso);
  const days = daysBetween(at, now);
  if (days === 0 || days === 1) return capitalised(relative(locale).format(-days, "day"), locale);
  const isThisYear = at.getFullYear() === now.getFullYear();
  return format(locale, { day: "numeric", month: "long", ...(isThisYear ? {} : { year: "numeric" }) }).format(at);
}

/** For "last seen" and the like: the distance in its largest whole unit. */
export function relativeTime(iso: string, now: Date, locale?: string): string {
  const distance_s = Math.round((Date.parse(iso) - now.getTime()) / 1000);
  for (const [unit, unit_s] of units) {
    if (Math.abs(distance_s) >= unit_s) return relative(locale).format(Math.trunc(distance_s / unit_s), unit);
  }
  return relative(locale).format(0, "second");
}

/** The local calendar day of a moment, as yyyy-mm-dd. */
export function dayOf(at: Date): string {
  const month = String(at.getMonth() + 1).padStart(2, "0");
  return `${at.getFullYear()}-${month}-${String(at.getDate()).padStart(2, "0")}`;
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

function daysBetween(at: Date, now: Date): number {
  return (calendarDay(now) - calendarDay(at)) / day_ms;
}

function calendarDay(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}

function capitalised(text: string, locale?: string): string {
  return text.slice(0, 1).toLocaleUpperCase(locale) + text.slice(1);
}

// Making a formatter costs far more than using it, and a list needs one for each row.
const formats = new Map<string, Intl.DateTimeFormat>();
const relatives = new Map<string, Intl.RelativeTimeFormat>();

function format(locale: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale ?? ""} ${JSON.stringify(options)}`;
  const made = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, made);
  return made;
}

function relative(locale: string | undefined): Intl.RelativeTimeFormat {
  const key = locale ?? "";
  const made = relatives.get(key) ?? new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  relatives.set(key, made);
  return made;
}
