/** Times, spans and sizes as people say them, and the language that dates are written in. */
import { plural } from './codes';

/** Of dates and numbers. */
export const locale = 'en-GB';

export const today = 'Today';
export const todayAt = (clock: string) => `Today ${clock}`;
export const yesterday = 'Yesterday';

/** A span in its largest unit: "42 minutes". */
export const spans = {
  seconds: (n: number) => plural(n, 'second', 'seconds'),
  minutes: (n: number) => plural(n, 'minute', 'minutes'),
  hours: (n: number) => plural(n, 'hour', 'hours'),
  days: (n: number) => plural(n, 'day', 'days'),
};

/** A deadline. */
export const due = {
  minutesLate: (n: number) => `${n} min late`,
  hoursLate: (n: number) => `${n} h late`,
  inMinutes: (n: number) => `Due in ${n} min`,
  inHours: (n: number) => `Due in ${n} h`,
  at: (when: string) => `Due ${when}`,
};

export const sizes = {
  bytes: (n: number) => `${n} bytes`,
  kilobytes: (n: string) => `${n} kB`,
  megabytes: (n: string) => `${n} MB`,
};
