/** Times as the control room reads them: the force's own zone, whatever the computer's is set to. */

const ZONE = 'Europe/London';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A difference longer than this between happening and receipt is said in words. */
const LATER_MIN_MS = 15 * MINUTE;

const seconds = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minutes = format({ hour: '2-digit', minute: '2-digit' });
const day = format({ weekday: 'short', day: 'numeric', month: 'short' });
const date = format({ day: 'numeric', month: 'short', year: 'numeric' });

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: ZONE, hourCycle: 'h23' });
}

/** For example 21:36:12. */
export function clockSeconds(ms: number): string {
  return seconds.format(ms);
}

/** For example 21:36. */
export function clock(ms: number): string {
  return minutes.format(ms);
}

/** For example "Fri, 20 Nov", shortened to "Fri 20 Nov". */
function dayOf(ms: number): string {
  return day.format(ms).replace(',', '');
}

/** For example 20 Nov 2026. */
export function dateOf(ms: number): string {
  return date.format(ms);
}

/** The time alone on the day of `beside`, else with its day: 21:31 or "Fri 20 Nov 23:50". */
export function clockBeside(ms: number, beside: number): string {
  return dayOf(ms) === dayOf(beside) ? clock(ms) : `${dayOf(ms)} ${clock(ms)}`;
}

/** Day and time in full, for the record and its history. */
export function full(ms: number): string {
  return `${dateOf(ms)}, ${clockSeconds(ms)}`;
}

/** How much later something was received than it happened; null where that is no news. */
export function later(happened: number | null | undefined, received: number): string | null {
  if (happened == null || received - happened <= LATER_MIN_MS) return null;
  return `${span(received - happened)} later`;
}

/** A length of time in its largest sensible unit: "50 min", "3 h", "2 days". */
export function span(ms: number): string {
  if (ms < MINUTE) return plural(Math.max(0, Math.floor(ms / 1000)), 'second');
  if (ms < 2 * HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 48 * HOUR) return `${Math.floor(ms / HOUR)} h`;
  return plural(Math.floor(ms / (24 * HOUR)), 'day');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}
