/** Which situation the line under the bar tells of. Pure, so that it can be tested. */
import type { SendingView, StatusView } from './ipc/bindings';
import { m } from './messages';
import type { Device } from './messages/en/codes';
import { clock, span } from './words';

/** The force's limit after which the age of what waits is said. */
const LONG_MS = 4 * 3_600_000;

/** What a photo takes, roughly: as it was taken, and its preview. */
const PHOTO_BYTES = 8_000_000;
/** Less than this is left to words. */
const WORDS_BYTES = 32_000_000;

export interface StripWords {
  icon: 'off' | 'up' | 'key' | 'clock' | 'device' | 'room';
  title: string;
  line: string;
}

/** The line under the bar; none where there is nothing to say. */
export function stripWords(
  status: StatusView | null,
  device: Device,
  supervisor: boolean,
  now: number,
): StripWords | null {
  if (!status) return null;
  const { connection } = status;
  const full = noRoom(status);
  if (full && !NEEDS_PERSON.has(connection.state)) return full;
  const here = waitingWords(status, device, now);
  const goOn = supervisor && status.waitingDecisions > 0 ? ` ${m.strip.goOn}` : '';
  switch (connection.state) {
    case 'sign_in':
      return { icon: 'key', title: m.strip.signIn, line: m.strip.signInLine };
    case 'split':
      return { icon: 'key', title: m.strip.split(device), line: m.strip.splitLine };
    case 'revoked':
      return { icon: 'off', title: m.strip.revoked, line: m.strip.revokedLine };
    case 'upgrade':
      return { icon: 'off', title: m.strip.upgrade, line: m.strip.upgradeLine };
    case 'server_silent': {
      const next = connection.nextTryAt ? Math.round((connection.nextTryAt - now) / 1000) : 0;
      return { icon: 'off', title: here ?? m.strip.silentTitle, line: m.strip.silent(next) };
    }
    case 'no_connection':
      if (!here && status.lease.over) {
        return { icon: 'off', title: m.strip.lease(device), line: m.strip.leaseLine };
      }
      if (!here && status.freeBytes !== null) return lowRoom(status);
      return {
        icon: 'off',
        title: here ?? m.strip.noConnection,
        line: here ? offLine(status, now) + goOn : nothingWaits(status),
      };
    case 'connected':
      return connected(status, device, here);
  }
}

/** States that only a person ends: nothing is said in their place. */
const NEEDS_PERSON: ReadonlySet<string> = new Set(['sign_in', 'split', 'revoked', 'upgrade']);

/** Only words fit any more. */
function noRoom({ freeBytes, waitingPhotos }: StatusView): StripWords | null {
  if (freeBytes === null || freeBytes >= WORDS_BYTES) return null;
  return { icon: 'room', title: m.strip.noRoom, line: m.strip.noRoomLine(waitingPhotos) };
}

/** It runs low: said where nothing else is. */
function lowRoom({ freeBytes }: StatusView): StripWords | null {
  if (freeBytes === null) return null;
  const photos = Math.floor(freeBytes / PHOTO_BYTES);
  return { icon: 'room', title: m.strip.room(photos), line: m.strip.roomLine };
}

/** "3 records are only on this phone, oldest 5 hours"; null if nothing waits. */
function waitingWords(status: StatusView, device: Device, now: number): string | null {
  const { waitingRecords, waitingDecisions, waitingPhotos, oldestWaiting } = status;
  const words =
    waitingRecords > 0
      ? m.strip.here(waitingRecords, device)
      : waitingDecisions > 0
        ? m.strip.decisionsHere(waitingDecisions, device)
        : waitingPhotos > 0
          ? m.strip.photosHere(waitingPhotos, device)
          : null;
  if (words === null || oldestWaiting === null) return words;
  const age = now - oldestWaiting;
  return age > LONG_MS ? words + m.strip.oldest(span(age)) : words;
}

/** What the screen of all that waits is headed: never that nothing does above a row that does. */
export function sendingWords(view: SendingView, device: Device, now: number): string {
  const here = waitingWords(view.status, device, now);
  if (here !== null) return here;
  if (view.waiting.length === 0) return m.sending.nothing;
  const sent = view.waiting.every((row) => row.state === 'sent' || row.state === 'parked');
  return sent ? m.sending.checked : m.sending.audit;
}

/** Why others' records are locked and what opens them: that depends on the way to the server. */
export function leaseWords(status: StatusView | null): string {
  switch (status?.connection.state) {
    case 'revoked':
      return m.strip.leaseRevoked;
    case 'sign_in':
    case 'split':
      return m.strip.leaseSignIn;
    default:
      return m.errors.lease_over;
  }
}

function offLine(status: StatusView, now: number): string {
  const { since } = status.connection;
  if (status.oldestWaiting !== null && now - status.oldestWaiting > LONG_MS) return m.strip.find;
  return m.strip.noConnectionFor(span(now - (since ?? now)));
}

function nothingWaits(status: StatusView): string {
  const last = status.connection.lastExchangeAt;
  return last === null ? m.strip.nothingWaitsNever : m.strip.nothingWaits(clock(last));
}

function connected(status: StatusView, device: Device, here: string | null): StripWords | null {
  const { waitingRecords, waitingDecisions, waitingPhotos, moving, clockOffMs } = status;
  const words = waitingRecords + waitingDecisions;
  if (moving && words > 0) {
    return { icon: 'up', title: m.strip.sending(words), line: m.strip.order };
  }
  if (moving && waitingPhotos > 0) {
    return { icon: 'up', title: m.strip.sendingPhotos(waitingPhotos), line: m.strip.order };
  }
  if (here) {
    const wifi = words === 0 && status.photosWait;
    return { icon: 'device', title: here, line: wifi ? m.strip.forWifi : m.strip.waits };
  }
  if (status.lease.over) {
    return { icon: 'device', title: m.strip.lease(device), line: m.strip.leaseLine };
  }
  if (clockOffMs !== null) {
    const title = m.strip.clock(device, span(Math.abs(clockOffMs)), clockOffMs < 0);
    return { icon: 'clock', title, line: m.strip.clockLine };
  }
  return lowRoom(status);
}
