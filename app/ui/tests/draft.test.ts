import { beforeEach, expect, it, vi } from 'vitest';

import type { ErrorView } from '../src/lib/ipc/bindings';

const call = vi.hoisted(() => vi.fn());
vi.mock('../src/lib/ipc', () => ({ call, asError: (thrown: unknown) => thrown }));

import { Draft } from '../src/lib/draft.svelte';

const FULL = { code: 'disk_full' } as ErrorView;

beforeEach(() => void call.mockReset());

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
