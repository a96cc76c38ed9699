import { describe, expect, it } from 'vitest';

import type { ConnectionState, SendingRow, SendingView, StatusView } from '../src/lib/ipc/bindings';
import { leaseWords, sendingWords, stripWords } from '../src/lib/strip';

const NOW = Date.UTC(2026, 10, 22, 21, 33);
const MINUTE = 60_000;

const status = (state: ConnectionState, more: Partial<StatusView> = {}): StatusView => ({
  connection: {
    state,
    since: NOW - 42 * MINUTE,
    nextTryAt: NOW + 20_000,
    lastExchangeAt: NOW - 42 * MINUTE,
  },
  waitingRecords: 0,
  waitingDecisions: 0,
  waitingPhotos: 0,
  oldestWaiting: null,
  photosOverWifi: false,
  photosWait: false,
  moving: false,
  clockOffMs: null,
  freeBytes: null,
  lease: { over: false, until: NOW + 60 * 60 * MINUTE },
  ...more,
});

const words = (view: StatusView) => stripWords(view, 'phone', false, NOW);

describe('the line under the bar', () => {
  it('is absent when nothing waits and the server is heard', () => {
    expect(words(status('connected'))).toBeNull();
  });

  it('says that records are only here, and for how long there is no connection', () => {
    const waiting = { waitingRecords: 3, oldestWaiting: NOW - 41 * MINUTE };
    expect(words(status('no_connection', waiting))).toMatchObject({
      title: '3 records are only on this phone',
      line: 'No connection for 42 minutes. Sends by itself.',
    });
  });

  it('says the age of what waits longer than the force allows', () => {
    const waiting = { waitingRecords: 3, oldestWaiting: NOW - 300 * MINUTE };
    expect(words(status('no_connection', waiting))).toMatchObject({
      title: '3 records are only on this phone, oldest 5 hours',
      line: 'Find a connection when you can.',
    });
  });

  it('says that photos wait for Wi-Fi, once the words are sent', () => {
    const photos = { waitingPhotos: 2, oldestWaiting: NOW - MINUTE, photosOverWifi: true };
    expect(words(status('connected', { ...photos, photosWait: true }))).toMatchObject({
      line: 'Words sent. Photos wait for Wi-Fi.',
    });
    expect(words(status('connected', photos))?.line).not.toContain('Wi-Fi');
    const more = { ...photos, photosWait: true, waitingRecords: 1 };
    expect(words(status('connected', more))?.line).not.toContain('Words sent');
  });

  it('says what is missing when there is no connection and nothing waits', () => {
    expect(words(status('no_connection'))?.line).toContain('since 20:51 is missing');
  });

  it('claims to send only while bytes move', () => {
    const waiting = { waitingRecords: 1, oldestWaiting: NOW };
    expect(words(status('connected', waiting))?.title).toBe('1 record is only on this phone');
    expect(words(status('connected', { ...waiting, moving: true }))?.title).toBe(
      'Sending 1 record',
    );
  });

  it('goes on telling where the words are when the server is silent', () => {
    const waiting = { waitingRecords: 2, oldestWaiting: NOW };
    expect(words(status('server_silent', waiting))).toMatchObject({
      title: '2 records are only on this phone',
      line: 'The server does not answer. Trying again in 20 seconds.',
    });
  });
});

describe('room on the device', () => {
  it('is spoken of only once it is little, and by what fits', () => {
    expect(words(status('connected', { freeBytes: null }))).toBeNull();
    expect(words(status('connected', { freeBytes: 480_000_000 }))).toMatchObject({
      title: 'Room for about 60 photos',
      line: 'Connect to Wi-Fi to send and make room.',
    });
    const waiting = { freeBytes: 480_000_000, waitingRecords: 2, oldestWaiting: NOW };
    expect(words(status('no_connection', waiting))?.title).toBe('2 records are only on this phone');
  });

  it('comes first when only words fit, except before what a person must do', () => {
    const full = { freeBytes: 9_000_000, waitingRecords: 2, waitingPhotos: 41, oldestWaiting: NOW };
    expect(words(status('no_connection', full))).toMatchObject({
      title: 'Words only: no room for photos',
      line: '41 photos still wait to be sent.',
    });
    expect(words(status('sign_in', full))?.title).toBe('Sign in to get others’ news');
  });
});

describe('the screen of what waits', () => {
  const row = (state: string): SendingRow => ({
    recordId: null,
    kind: 'other',
    title: '',
    bytes: 120,
    at: NOW,
    state,
    reason: null,
  });
  const view = (waiting: SendingRow[], more: Partial<StatusView> = {}): SendingView => ({
    status: status('revoked', more),
    waiting,
    held: [],
    received: [],
    details: { repairs: 0, unknown: 0, adrift: 0, unopened: 0, failures: 0, splits: 0 },
  });
  const headed = (it: SendingView) => sendingWords(it, 'tablet', NOW);

  it('is headed by nothing only where nothing waits', () => {
    expect(headed(view([]))).toBe('Nothing waits here');
    expect(headed(view([row('saved')]))).toBe('Only entries for the audit still wait');
    expect(headed(view([row('sent'), row('parked')]))).toBe('All is sent and being checked');
    const decision = { waitingDecisions: 1, oldestWaiting: NOW };
    expect(headed(view([row('saved')], decision))).toBe('1 decision is only on this tablet');
  });
});

describe('a record that is closed by its lease', () => {
  it('says what opens it, which depends on the way to the server', () => {
    expect(leaseWords(status('no_connection'))).toContain('touch Try now');
    expect(leaseWords(status('sign_in'))).toContain('sign in again');
    expect(leaseWords(status('split'))).toContain('sign in again');
    expect(leaseWords(status('revoked'))).toContain('Hand the device in');
  });
});
