import { beforeEach, describe, expect, it, vi } from 'vitest';

import { begun, forgetBegun } from '../src/lib/begun.svelte';
import { Change } from '../src/lib/change.svelte';
import { Draft } from '../src/lib/draft.svelte';
import { call } from '../src/lib/ipc';
import { fake } from '../src/lib/ipc/fake';
import type { AppView, PersonView } from '../src/lib/ipc/bindings';
import { officerRecords } from '../src/lib/ipc/fake/seed';
import { pending } from '../src/lib/pending.svelte';
import { session } from '../src/lib/session.svelte';

const { world } = fake as unknown as {
  world: {
    app: AppView;
    person: PersonView;
    records: ReturnType<typeof officerRecords>;
    supervisor: boolean;
  };
};

beforeEach(() => {
  world.supervisor = false;
  world.records = officerRecords(Date.now());
  forgetBegun();
});

describe('a submitted record that is being changed', () => {
  it('is not touched before the officer signs, and then in one change', async () => {
    const change = new Change(await call('record', { id: 'r4dd' }));
    await change.choose({ outcome: 'caution' });
    change.type('found_what', 'A lock knife');
    expect((await call('record', { id: 'r4dd' })).fields['outcome']).toBe('arrest');
    const signed = await change.sign();
    expect(signed.fields).toMatchObject({ outcome: 'caution', found_what: 'A lock knife' });
    expect(signed.version).toBe(2);
    expect(change.empty).toBe(true);
  });

  it('forgets a change that was changed back', async () => {
    const change = new Change(await call('record', { id: 'r4dd' }));
    await change.choose({ outcome: 'caution' });
    await change.choose({ outcome: 'arrest' });
    expect(change.empty).toBe(true);
  });

  it('is asked what its answers open, as a draft is', async () => {
    const change = new Change(await call('record', { id: 'r4dd' }));
    await change.choose({ extent: 'eip' });
    expect(change.asks.has('extent_supervisor')).toBe(true);
    await change.choose({ extent: 'jog' });
    expect(change.asks.has('extent_supervisor')).toBe(false);
  });
});

describe('what was begun and not signed', () => {
  it('is there after a lock, as it was typed', async () => {
    const change = new Change(await call('record', { id: 'r4dd' }));
    await change.choose({ outcome: 'caution' });
    change.type('found_what', 'A lock knife');
    session.app = world.app;
    session.person = world.person;
    await session.lock();
    expect(session.person).toBeNull();
    const view = await call('record', { id: 'r4dd' });
    expect(view.fields['outcome']).toBe('arrest');
    const again = new Change(view);
    expect(again.fields).toMatchObject({ outcome: 'caution', found_what: 'A lock knife' });
    await again.sign();
    expect((await call('record', { id: 'r4dd' })).begun).toEqual({});
  });

  it('is kept a moment after the last key, where the lock does not ask', async () => {
    vi.useFakeTimers();
    const words = begun(await call('record', { id: 'r4dd' }), 'add');
    words.type('words', 'He came');
    words.type('words', 'He came back');
    await vi.advanceTimersByTimeAsync(400);
    vi.useRealTimers();
    expect((await call('record', { id: 'r4dd' })).begun['add']).toEqual({ words: 'He came back' });
    words.type('words', '');
    await words.keep();
    expect((await call('record', { id: 'r4dd' })).begun).toEqual({});
  });

  it('stays when it could not be signed', async () => {
    const words = begun(await call('record', { id: 'r4dd' }), 'add');
    words.type('words', 'He came back');
    await expect(words.sign(() => Promise.reject(new Error('no')))).rejects.toThrow();
    expect(words.words('words')).toBe('He came back');
    forgetBegun();
    const again = begun(await call('record', { id: 'r4dd' }), 'add');
    expect(again.words('words')).toBe('He came back');
  });

  it('of a decision ends with its signature, not when it is held or taken back', async () => {
    const view = await call('record', { id: 'r4dd' });
    const words = begun(view, 'return');
    words.type('words', 'Say more');
    await words.keep();
    const input = {
      recordId: 'r4dd',
      verdict: 'return',
      heads: view.heads,
      reasons: ['grounds'],
      fields: [],
      again: false,
      text: 'Say more',
      videoViewed: null,
    };
    await pending.hold(input);
    pending.undo();
    expect(words.words('words')).toBe('Say more');
    await pending.hold(input);
    await pending.flush();
    expect(words.empty).toBe(true);
  });
});

describe('a draft', () => {
  it('takes its answers back one by one', async () => {
    const { id } = await call('draft_new', { kind: 'stop_search', copyOf: null });
    const draft = new Draft(id);
    await draft.load();
    await draft.choose({ sex: 'male' });
    await draft.choose({ sex: 'female' });
    expect(await draft.undo()).toBe('sex');
    expect(draft.fields['sex']).toBe('male');
    await draft.undo();
    expect(draft.fields['sex']).toBeUndefined();
    expect(draft.view?.canUndo).toBe(false);
  });

  it('of the same encounter takes over what all have in common, and nobody’s words', async () => {
    const first = await call('draft_new', { kind: 'stop_search', copyOf: null });
    const fields = { object: 'controlled_drugs', power: 'mda_s23', grounds: 'He ran', sex: 'male' };
    await call('draft_set', { id: first.id, fields, page: null });
    const next = await call('draft_new', { kind: 'stop_search', copyOf: first.id });
    expect(next.fields).toMatchObject({ object: 'controlled_drugs', power: 'mda_s23' });
    expect(next.fields['grounds']).toBeUndefined();
    expect(next.fields['sex']).toBeUndefined();
    expect(next.reference).not.toBe(first.reference);
    expect(next.encounter.map((it) => it.id)).toEqual([first.id]);
  });
});
