import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Draft } from '../src/lib/draft.svelte';
import { call } from '../src/lib/ipc';
import { fake } from '../src/lib/ipc/fake';
import type { ReviewInput } from '../src/lib/ipc/bindings';
import { supervisorRecords } from '../src/lib/ipc/fake/seed';
import { pending } from '../src/lib/pending.svelte';

const { world } = fake as unknown as {
  world: { records: ReturnType<typeof supervisorRecords>; supervisor: boolean };
};

const approve = (recordId: string): ReviewInput => ({
  recordId,
  verdict: 'approve',
  heads: [`${recordId}-1`],
  reasons: [],
  fields: [],
  again: false,
  text: null,
  videoViewed: 'no',
});
const reviewOf = (id: string) => world.records.find((it) => it.id === id)?.review?.code;

describe('a decision', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    world.supervisor = true;
    world.records = supervisorRecords(Date.now());
  });
  afterEach(() => vi.useRealTimers());

  it('is signed after ten seconds and not before', async () => {
    await pending.hold(approve('q1aa'));
    await vi.advanceTimersByTimeAsync(9_900);
    expect(reviewOf('q1aa')).toBe('submitted');
    await vi.advanceTimersByTimeAsync(200);
    expect(reviewOf('q1aa')).toBe('approved_here');
    expect(pending.input).toBeNull();
  });

  it('that was taken back is never signed', async () => {
    await pending.hold(approve('q1aa'));
    pending.undo();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(reviewOf('q1aa')).toBe('submitted');
  });

  it('is signed at once by the next one', async () => {
    await pending.hold(approve('q1aa'));
    await pending.hold(approve('q3cc'));
    expect(reviewOf('q1aa')).toBe('approved_here');
    expect(reviewOf('q3cc')).toBe('submitted');
    pending.undo();
  });

  it('on a state that has moved is refused and said', async () => {
    await pending.hold({ ...approve('q1aa'), heads: ['another'] });
    await pending.flush();
    expect(pending.failed).toMatchObject({ recordId: 'q1aa', error: { code: 'not_current' } });
    expect(reviewOf('q1aa')).toBe('submitted');
  });
});

describe('a draft', () => {
  it('saves choices at once and text when the keys rest', async () => {
    const { id } = await call('draft_new', { kind: 'stop_search', copyOf: null });
    const draft = new Draft(id);
    await draft.load();
    await draft.choose({ sex: 'male' });
    expect((await call('draft', { id })).fields['sex']).toBe('male');
    vi.useFakeTimers();
    draft.type('grounds', 'He ran');
    expect(draft.fields['grounds']).toBe('He ran');
    await vi.advanceTimersByTimeAsync(300);
    expect((await call('draft', { id })).fields['grounds']).toBeUndefined();
    await vi.advanceTimersByTimeAsync(200);
    expect((await call('draft', { id })).fields['grounds']).toBe('He ran');
    vi.useRealTimers();
  });

  it('keeps what was typed on the screen when it cannot be saved', async () => {
    const draft = new Draft('gone');
    await draft.choose({ sex: 'male' });
    expect(draft.error?.code).toBe('not_found');
    expect(draft.unsaved).toBe(true);
    expect(draft.fields['sex']).toBe('male');
  });
});
