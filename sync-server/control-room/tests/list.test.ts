import { describe, expect, it } from 'vitest';

import { begin, EMPTY, order, reached, take } from '../src/lib/list.ts';
import { page, record } from './sample.ts';

const NOW = 1_800_000_000_000;

describe('the ledger', () => {
  it('takes new records and changes, and goes on after the highest position', () => {
    const start = begin(page([record('a', 1), record('b', 2)], 2));
    const { ledger, added, changed } = take(start, [
      record('c', 3),
      record('a', 4, { status: 'approved' }),
    ]);
    expect(added).toEqual(['c']);
    expect(changed).toEqual(['a']);
    expect(ledger.position).toBe(4);
    expect(ledger.records.get('a')?.status).toBe('approved');
  });

  it('leaves repeats out', () => {
    const start = begin(page([record('a', 5)], 5));
    const { ledger, added, changed } = take(start, [record('a', 5), record('a', 4)]);
    expect([added, changed]).toEqual([[], []]);
    expect(ledger.records.get('a')?.position).toBe(5);
  });

  it('counts a record that came and changed in one go as new only', () => {
    const { added, changed } = take(EMPTY, [record('a', 1), record('a', 2)]);
    expect(added).toEqual(['a']);
    expect(changed).toEqual([]);
  });

  it('never goes back', () => {
    const start = begin(page([], 9));
    expect(reached(start, 7).position).toBe(9);
    expect(reached(start, 12).position).toBe(12);
    expect(take(start, [record('old', 3)]).ledger.position).toBe(9);
  });

  it('has every record once, however the channel breaks', () => {
    // A server that sends from a position on, and a channel that breaks after a few each time.
    const history = Array.from({ length: 60 }, (_, i) => record(`r${i % 23}`, i + 1));
    const latest = new Map(history.map((it) => [it.id, it]));
    const after = (position: number) =>
      [...latest.values()].filter((it) => it.position > position).sort(byPosition);
    let ledger = EMPTY;
    const news: string[] = [];
    for (let turn = 0; turn < 30; turn += 1) {
      // What came before the break comes again now and then.
      const from = Math.max(0, ledger.position - (turn % 3));
      const taken = take(ledger, after(from).slice(0, (turn % 4) + 1));
      ledger = taken.ledger;
      news.push(...taken.added);
    }
    expect([...ledger.records.keys()].sort()).toEqual([...latest.keys()].sort());
    expect(news.length).toBe(new Set(news).size);
    for (const [id, it] of latest) expect(ledger.records.get(id)?.position).toBe(it.position);
  });
});

describe('the order', () => {
  it('is the newest received first', () => {
    const records = [received('a', NOW - 3), received('b', NOW - 1), received('c', NOW - 2)];
    expect(order(records, NOW)).toEqual(['b', 'c', 'a']);
  });

  it('has officer safety first until somebody dealt with it', () => {
    const flags = ['officer_safety'] as const;
    const records = [
      received('new', NOW - 1),
      { ...received('open', NOW - 9), flags: [...flags] },
      { ...received('done', NOW - 8), flags: [...flags], status: 'approved' as const },
    ];
    expect(order(records, NOW)).toEqual(['open', 'new', 'done']);
  });

  it('holds the last 8 hours', () => {
    const records = [received('old', NOW - 8 * 3_600_000), received('late', NOW - 7 * 3_600_000)];
    expect(order(records, NOW)).toEqual(['late']);
  });
});

function received(id: string, at: number) {
  return record(id, 1, { received_at: at });
}

function byPosition(a: { position: number }, b: { position: number }): number {
  return a.position - b.position;
}
