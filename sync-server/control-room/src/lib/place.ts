/** Where a record happened, never more exactly than it is known. */
import type { ConsoleRecord } from './api.ts';

/** A position less exact than this is an idea of a place, not a place. */
const CONFIRMED_MAX_M = 100;

/** A position with a known and small enough error. */
export function confirmed(record: ConsoleRecord): boolean {
  return (
    record.lat != null &&
    record.lon != null &&
    record.accuracy_m != null &&
    record.accuracy_m <= CONFIRMED_MAX_M
  );
}

/** First line of the place. */
export function placeLine(record: ConsoleRecord): string {
  const name = record.place_text ?? (record.ward ? `${record.ward} ward` : null);
  if (!name) return confirmed(record) ? `Position ${within(record)}` : 'Not confirmed';
  return confirmed(record) ? `${name}, ${within(record)}` : name;
}

/** Second line: what is not known, and the ward where the first line is something else. */
export function placeNote(record: ConsoleRecord): string {
  const parts = [
    record.place_text ? record.ward : record.district,
    !confirmed(record) && (record.place_text || record.ward) ? 'not confirmed' : null,
  ];
  const text = parts.filter((part) => part != null).join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** With spaces that do not break: a number alone on a line says nothing. */
function within(record: ConsoleRecord): string {
  return `within\u00a0${record.accuracy_m}\u00a0m`;
}
