/** What is missing of collar number and password. */
import { m } from '../../lib/messages';

export function credentialGaps(typed: { collar: string; password: string }) {
  const { collar, password } = m.start.missing;
  return [
    ...(typed.collar.trim() ? [] : [{ field: 'collar', words: collar }]),
    ...(typed.password ? [] : [{ field: 'password', words: password }]),
  ];
}
