/**
 * Whether the page may say "Live". Pure: the time is an argument.
 *
 * A channel that is open and silent is the dangerous case: the rows look fresh and are not. So
 * only a beat that was heard counts, and for ten seconds at the most.
 */

/** Longer than this after the last beat the page is not live. */
export const SILENCE_MAX_MS = 10_000;
/** How long the page says what came in while it was not live. */
const MEANWHILE_MS = 30_000;

export interface Liveness {
  /** When anything was heard last on the channel that is open; null while none is. */
  readonly heard: number | null;
  /** When anything was heard last at all. */
  readonly heardLast: number | null;
  /** New records that came in while catching up, and when that was. */
  readonly meanwhile: { readonly count: number; readonly at: number } | null;
  /** True from the return of the channel until its first beat: what comes was missed. */
  readonly catchingUp: boolean;
}

export const SILENT: Liveness = {
  heard: null,
  heardLast: null,
  meanwhile: null,
  catchingUp: false,
};

/** The channel is open and said hello. */
export function opened(state: Liveness, now: number): Liveness {
  const again = state.heardLast !== null;
  return {
    heard: now,
    heardLast: now,
    meanwhile: again ? { count: 0, at: now } : null,
    catchingUp: again,
  };
}

/** A beat was heard: whatever was missed has been sent. */
export function beat(state: Liveness, now: number): Liveness {
  return { ...state, heard: now, heardLast: now, catchingUp: false };
}

/** Records came; `added` of them were not known. */
export function came(state: Liveness, now: number, added: number): Liveness {
  const heard = { ...state, heard: now, heardLast: now };
  if (!state.catchingUp || !state.meanwhile) return heard;
  return { ...heard, meanwhile: { count: state.meanwhile.count + added, at: now } };
}

/** The channel is gone. */
export function lost(state: Liveness): Liveness {
  return { ...state, heard: null, catchingUp: false };
}

export type Said =
  | { readonly state: 'connecting' }
  | { readonly state: 'live'; readonly meanwhile: number }
  | { readonly state: 'not_live'; readonly since: number };

/** What the page says now. */
export function said(state: Liveness, now: number): Said {
  if (state.heard !== null && fresh(state.heard, now)) {
    const recent = state.meanwhile !== null && now - state.meanwhile.at < MEANWHILE_MS;
    return { state: 'live', meanwhile: recent ? (state.meanwhile?.count ?? 0) : 0 };
  }
  if (state.heardLast === null) return { state: 'connecting' };
  return { state: 'not_live', since: state.heardLast };
}

/** A clock that was set back proves nothing, so it does not count as fresh either. */
function fresh(heard: number, now: number): boolean {
  return now >= heard && now - heard <= SILENCE_MAX_MS;
}
