import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMaybeSession } from "../session/session";
import { durationParts } from "./duration";

const DAY = 86_400_000;
/** The server counts conversations no further: so many are so many or more. */
const COUNTED = 1_000;

/** Numbers, dates and durations in the language of the page and the time zone of the business. */
export function useFormat() {
  const { t, i18n } = useTranslation();
  const zone = useMaybeSession()?.tenant?.timezone;
  return useMemo(() => {
    const language = i18n.language;
    const dates = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
    const time = dates({ hour: "numeric", minute: "2-digit" });
    const day = dates({ day: "numeric", month: "short" });
    const dayYear = dates({ day: "numeric", month: "short", year: "numeric" });
    const weekday = dates({ weekday: "long" });
    const full = dates({ dateStyle: "full", timeStyle: "long" });
    const both = dates({ dateStyle: "medium", timeStyle: "short" });
    const dayKey = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
    const number = new Intl.NumberFormat(language);
    const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
    const bytes = (unit: string, digits: number) =>
      new Intl.NumberFormat(language, {
        style: "unit",
        unit,
        unitDisplay: "short",
        maximumFractionDigits: digits,
      });
    const list = new Intl.ListFormat(language, { type: "conjunction" });
    const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    const at = (value: string | number | Date) => new Date(value);
    const keyOfDay = (value: string | number | Date) => dayKey.format(at(value));
    return {
      number: (value: number) => number.format(value),
      /** How many conversations there are: "999+" where the server stopped counting. */
      counted: (value: number) =>
        value < COUNTED ? number.format(value) : t("kit.or_more", { n: number.format(COUNTED - 1) }),
      percent: (share: number) => percent.format(share),
      list: (values: string[]) => list.format(values),
      /** 10:42 */
      time: (value: string | number | Date) => time.format(at(value)),
      /** 3 May 2026, 10:42 */
      moment: (value: string | number | Date) => both.format(at(value)),
      /** With weekday, seconds and zone: for titles of shortened times. */
      exact: (value: string | number | Date) => full.format(at(value)),
      date: (value: string | number | Date) => dayYear.format(at(value)),
      /** A key that is the same for all moments of one day, in the zone of the business. */
      dayKey: keyOfDay,
      /** "Today", "Yesterday", a weekday within six days, else a date: the separators of a thread. */
      dayName: (value: string | number | Date, now: number) => {
        const age = Math.round((Date.parse(keyOfDay(now)) - Date.parse(keyOfDay(value))) / DAY);
        if (age === 0 || age === 1) {
          const word = relative.format(-age, "day");
          return word.charAt(0).toLocaleUpperCase(language) + word.slice(1);
        }
        return age > 1 && age < 7 ? weekday.format(at(value)) : dayYear.format(at(value));
      },
      /** Short, for lists: the time today, the day this year, else the date. */
      short: (value: string | number | Date, now: number) => {
        if (keyOfDay(value) === keyOfDay(now)) return time.format(at(value));
        return keyOfDay(value).slice(0, 4) === keyOfDay(now).slice(0, 4)
          ? day.format(at(value))
          : dayYear.format(at(value));
      },
      /** Two largest units, in words of the language: "5 h 12 min". */
      duration: (ms: number) => {
        const { days, hours, minutes } = durationParts(ms);
        if (days > 0) return t("time.days_hours", { days: number.format(days), hours: number.format(hours) });
        if (hours > 0)
          return t("time.hours_minutes", { hours: number.format(hours), minutes: number.format(minutes) });
        return t("time.minutes", { minutes: number.format(Math.max(1, minutes)) });
      },
      bytes: (size: number) =>
        size >= 1_000_000
          ? bytes("megabyte", 1).format(size / 1_000_000)
          : bytes("kilobyte", 0).format(Math.max(1, size / 1000)),
      zone: zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    };
  }, [t, i18n.language, zone]);
}
