import { describe, expect, it } from 'vitest';

import { beat, came, lost, opened, said, SILENT } from '../src/lib/liveness.ts';

const T = 1_000_000;

describe('what the page says', () => {
  it('is connecting before anything was heard', () => {
    expect(said(SILENT, T)).toEqual({ state: 'connecting' });
    expect(said(lost(SILENT), T)).toEqual({ state: 'connecting' });
  });

  it('is live for ten seconds after the last beat, and not a moment longer', () => {
    const state = beat(opened(SILENT, T), T + 5_000);
    expect(said(state, T + 15_000)).toEqual({ state: 'live', meanwhile: 0 });
    expect(said(state, T + 15_001)).toEqual({ state: 'not_live', since: T + 5_000 });
  });

  it('is not live the moment the channel breaks, since when it was heard last', () => {
    expect(said(lost(opened(SILENT, T)), T + 1)).toEqual({ state: 'not_live', since: T });
  });

  it('does not trust a clock that was set back', () => {
    expect(said(opened(SILENT, T), T - 1)).toEqual({ state: 'not_live', since: T });
  });

  it('says how many came while it was not live, for a while', () => {
    let state = lost(opened(SILENT, T));
    state = came(opened(state, T + 60_000), T + 60_100, 4);
    state = beat(came(state, T + 60_200, 3), T + 65_000);
    // What comes after the first beat was not missed.
    state = came(state, T + 66_000, 5);
    expect(said(state, T + 66_000)).toEqual({ state: 'live', meanwhile: 7 });
    state = beat(state, T + 95_000);
    expect(said(state, T + 95_000)).toEqual({ state: 'live', meanwhile: 0 });
  });
});
