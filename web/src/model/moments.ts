/** Moments to come, in the reader's own time. */

export const presetNames = ["inAnHour", "thisEvening", "tomorrow", "nextWeek"] as const;
export type PresetName = (typeof presetNames)[number];

const evening_h = 20;
const morning_h = 9;

/** The moments that are mostly wanted; the evening only while it is not there. */
export function presets(now: Date): readonly { readonly name: PresetName; readonly at: Date }[] {
  const all = [
    { name: "inAnHour", at: new Date(Math.ceil((now.getTime() + 3_600_000) / 60_000) * 60_000) },
    { name: "thisEvening", at: at(now, 0, evening_h) },
    { name: "tomorrow", at: at(now, 1, morning_h) },
    { name: "nextWeek", at: at(now, (8 - now.getDay()) % 7 || 7, morning_h) },
  ] as const;
  return all.filter(({ name, at: then }) => name !== "thisEvening" || then.getTime() - now.getTime() > 3_600_000);
}

/** As the fields for a date and a time have them: "2026-03-01" and "09:30". */
export function toFields(moment: Date): { readonly date: string; readonly time: string } {
  return {
    date: `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`,
    time: `${two(moment.getHours())}:${two(moment.getMinutes())}`,
  };
}

/** Null where they tell no moment. */
export function fromFields(date: string, time: string): Date | null {
  const moment = new Date(`${date}T${time}`);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function at(now: Date, days: number, hours: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hours);
}
