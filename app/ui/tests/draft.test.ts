import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { ErrorView } from '../src/lib/ipc/bindings';

const call = vi.hoisted(() => vi.fn());
vi.mock('../src/lib/ipc', () => ({ call, asError: (thrown: unknown) => thrown }));

import { Begun } from '../src/lib/begun.svelte';
import { Draft } from '../src/lib/draft.svelte';
import { seekPlace } from '../src/lib/seek';

const FULL = { code: 'disk_full' } as ErrorView;

beforeEach(() => void call.mockReset());
afterEach(() => void vi.useRealTimers());

it('keeps what could not be saved, and saves it with the next attempt', async () => {
  const draft = new Draft('1');
  call.mockRejectedValueOnce(FULL).mockResolvedValueOnce({ fields: { text: 'Words.' } });
  await draft.choose({ text: 'Words.' });
  expect(draft.error).toEqual(FULL);
  expect(draft.fields['text']).toBe('Words.');
  expect(draft.unsaved).toBe(true);
  await draft.flush();
  expect(draft.error).toBeNull();
  expect(draft.unsaved).toBe(false);
});

it('lets a signing that failed be tried again: nothing of it was unsaved', async () => {
  const draft = new Draft('1');
  draft.error = FULL;
  await draft.flush();
  expect(draft.error).toBeNull();
  expect(call).not.toHaveBeenCalled();
});

it('keeps what is typed at most two seconds behind fingers that never rest', async () => {
  vi.useFakeTimers();
  const kept: string[] = [];
  call.mockImplementation((_: string, { fields }: { fields: { grounds: string } }) => {
    kept.push(fields.grounds);
    return Promise.resolve({ fields });
  });
  for (const form of [new Draft('1'), new Begun('1', 'edit', {})]) {
    kept.length = 0;
    let typed = '';
    for (let key = 0; key < 100; key += 1) {
      typed += 'x';
      form.type('grounds', typed);
      await vi.advanceTimersByTimeAsync(100);
      // A key is a tenth of a second.
      expect(typed.length - (kept.at(-1)?.length ?? 0)).toBeLessThan(20);
    }
    // Not at each key either.
    expect(kept.length).toBeLessThan(20);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(kept.at(-1)).toBe(typed);
  }
});

it('saves all else where one answer is more than can be taken', async () => {
  const draft = new Draft('1');
  const refused = { code: 'bad_input', field: 'grounds' } as ErrorView;
  const kept: object[] = [];
  call.mockImplementation((_: string, { fields }: { fields: object }) => {
    if ('grounds' in fields) return Promise.reject(refused);
    kept.push(fields);
    return Promise.resolve({ fields });
  });
  draft.type('grounds', 'megabytes');
  await draft.choose({ sex: 'male' });
  expect(kept).toEqual([{ sex: 'male' }]);
  expect(draft.error).toEqual(refused);
  expect(draft.fields).toEqual({ sex: 'male', grounds: 'megabytes' });
  expect(draft.unsaved).toBe(true);
});

it('adds the position once there is one, and looks for none where there is one', async () => {
  vi.useFakeTimers();
  const draft = new Draft('1');
  const fields = { searched_at: Date.now(), place_text: 'Soho Road' };
  const here = { latE7: 525_000_000, lonE7: -19_000_000, accuracyM: 9 };
  let fix: typeof here | null = null;
  let asked = 0;
  call.mockImplementation((command: string, { place }: { place?: typeof here } = {}) => {
    if (command === 'place_here') asked += 1;
    if (command === 'place_here') return Promise.resolve({ place: fix, fixAt: Date.now() });
    const found = place ? { place_lat_e7: place.latE7 } : {};
    return Promise.resolve({ fields: { ...fields, ...found } });
  });
  await draft.load();
  const stop = seekPlace(draft);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(draft.fields['place_lat_e7']).toBeUndefined();
  fix = here;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(draft.fields['place_lat_e7']).toBe(here.latE7);
  const before = asked;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(asked).toBe(before);
  stop();
});
