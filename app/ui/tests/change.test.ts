import { beforeEach, describe, expect, it } from 'vitest';

import { Change } from '../src/lib/change.svelte';
import { Draft } from '../src/lib/draft.svelte';
import { call } from '../src/lib/ipc';
import { fake } from '../src/lib/ipc/fake';
import { officerRecords } from '../src/lib/ipc/fake/seed';

const { world } = fake as unknown as {
  world: { records: ReturnType<typeof officerRecords>; supervisor: boolean };
};

beforeEach(() => {
  world.supervisor = false;
  world.records = officerRecords(Date.now());
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
