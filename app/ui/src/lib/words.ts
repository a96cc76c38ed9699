/** Times, sizes and spans as people say them, in the force's own time zone. */
import { m } from './messages';

const ZONE = 'Europe/London';
const DAY_MS = 86_400_000;

/** Writes moments in the language that is spoken. Making a format is slow, so each is kept. */
function format(options: Intl.DateTimeFormatOptions): { format: (ms: number) => string } {
  const made = new Map<string, Intl.DateTimeFormat>();
  return {
    format(ms) {
      const { locale } = m.time;
      let found = made.get(locale);
      if (!found) {
        found = new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options });
        made.set(locale, found);
      }
      return found.format(ms);
    },
  };
}

const CLOCK = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const WEEKDAY = format({ weekday: 'short' });
const DAY = format({ weekday: 'long', day: 'numeric', month: 'long' });
const SHORT_DAY = format({ weekday: 'short', day: 'numeric', month: 'short' });
const MONTH_DAY = format({ day: 'numeric', month: 'short' });
const DATE = format({ day: 'numeric', month: 'long', year: 'numeric' });
/** To be reckoned with and shown to nobody: always in these digits. */
const PARTS = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

export interface DayParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

/** The wall clock of a moment. */
export function partsOf(ms: number): DayParts {
  const found = Object.fromEntries(
    PARTS.formatToParts(ms).map((it) => [it.type, Number(it.value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = found;
  return { year, month, day, hour, minute };
}

/** The moment of a wall clock; null where there is none, such as 31 February. */
export function momentOf(at: DayParts): number | null {
  const utc = Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute);
  for (const offset of [0, 3_600_000]) {
    const found = partsOf(utc - offset);
    if ((Object.keys(at) as (keyof DayParts)[]).every((key) => found[key] === at[key])) {
      return utc - offset;
    }
  }
  return null;
}

/** The day of each hour that was asked for: days begin with an hour, and lists ask often. */
const DAYS = new Map<number, string>();

/** Names the day of a moment, so that moments of the same day compare equal. */
export function dayKey(ms: number): string {
  const hour = Math.floor(ms / 3_600_000);
  let found = DAYS.get(hour);
  if (found === undefined) {
    const { year, month, day } = partsOf(ms);
    found = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
    DAYS.set(hour, found);
  }
  return found;
}

export const clock = (ms: number) => CLOCK.format(ms);
export const longDay = (ms: number) => DAY.format(ms).replace(',', '');
export const isToday = (ms: number, now: number) => dayKey(ms) === dayKey(now);

/** The year, where it is not this one. London is at UTC when years change. */
function yearOf(ms: number, now: number): string {
  const year = new Date(ms).getUTCFullYear();
  return year === new Date(now).getUTCFullYear() ? '' : ` ${year}`;
}

/** "20:52" today, "Sat 20:52" within a week, "3 Aug 20:52" before, "3 Aug 2025 20:52" long before. */
export function when(ms: number, now: number): string {
  if (isToday(ms, now)) return clock(ms);
  if (Math.abs(now - ms) < 6 * DAY_MS) return `${WEEKDAY.format(ms)} ${clock(ms)}`;
  return `${MONTH_DAY.format(ms)}${yearOf(ms, now)} ${clock(ms)}`;
}

/** "Today 21:31", otherwise "Sun 22 Nov, 21:31"; with the year, where it is another one. */
export function fullWhen(ms: number, now: number): string {
  if (isToday(ms, now)) return m.time.todayAt(clock(ms));
  return `${SHORT_DAY.format(ms).replace(',', '')}${yearOf(ms, now)}, ${clock(ms)}`;
}

/** "Today", "Yesterday" or the day. */
export function dayHead(ms: number, now: number): string {
  if (isToday(ms, now)) return m.time.today;
  if (dayKey(ms) === dayKey(now - DAY_MS)) return m.time.yesterday;
  return longDay(ms) + yearOf(ms, now);
}

/** A span in its largest unit: "42 minutes". */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return m.time.spans.seconds(seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return m.time.spans.minutes(minutes);
  const hours = Math.round(minutes / 60);
  return hours < 48 ? m.time.spans.hours(hours) : m.time.spans.days(Math.round(hours / 24));
}

/** A deadline: "2 h late", "Due in 3 h", "Due Tue". */
export function due(ms: number, now: number): { words: string; tone: 'late' | 'soon' | 'later' } {
  const w = m.time.due;
  const hours = (ms - now) / 3_600_000;
  if (hours < 0) {
    const late =
      hours > -1 ? w.minutesLate(Math.ceil(-hours * 60)) : w.hoursLate(Math.floor(-hours));
    return { words: late, tone: 'late' };
  }
  if (hours < 1) return { words: w.inMinutes(Math.ceil(hours * 60)), tone: 'soon' };
  if (hours < 6) return { words: w.inHours(Math.floor(hours)), tone: 'soon' };
  const at = isToday(ms, now) ? clock(ms) : WEEKDAY.format(ms);
  return { words: w.at(at), tone: 'later' };
}

export function bytes(n: number): string {
  if (n < 1000) return m.time.sizes.bytes(n);
  if (n < 1_000_000) return m.time.sizes.kilobytes((n / 1000).toFixed(1));
  return m.time.sizes.megabytes((n / 1_000_000).toFixed(1));
}

/** "2027-02-22" as "22 February 2027". */
export function dateWords(day: string): string {
  const ms = Date.parse(`${day}T12:00:00Z`);
  return Number.isNaN(ms) ? day : DATE.format(ms);
}

/** Coordinates as people can check them on a map: "52.50931, −1.93402". */
export function coordinates(latE7: number, lonE7: number): string {
  const degrees = (e7: number) => (e7 / 1e7).toFixed(5).replace('-', '−');
  return `${degrees(latE7)}, ${degrees(lonE7)}`;
}
