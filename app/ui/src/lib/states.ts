/** The shape and colour of each state. Its words are in the messages. */
export type StateCode =
  | 'draft'
  | 'saved'
  | 'sending'
  | 'sent'
  | 'parked'
  | 'received'
  | 'received_photos_here'
  | 'held'
  | 'not_accepted'
  | 'submitted'
  | 'returned'
  | 'approved_here'
  | 'returned_here'
  | 'escalated_here'
  | 'approved'
  | 'escalated'
  | 'amended'
  | 'answered'
  | 'conflict'
  | 'confirm'
  | 'begun'
  | 'withdrawn'
  | 'newer'
  | 'elsewhere'
  | 'locked';

export type GlyphName =
  | 'pencil'
  | 'device'
  | 'up'
  | 'disc'
  | 'hourglass'
  | 'bent'
  | 'pen'
  | 'pen-ring'
  | 'pen-broken'
  | 'fork'
  | 'bars'
  | 'bars-crossed'
  | 'pencil-crossed'
  | 'dashed'
  | 'padlock';

export type Tone = 'plain' | 'quiet' | 'wait' | 'accent' | 'ok' | 'vio' | 'bad';

export interface Look {
  glyph: GlyphName;
  tone: Tone;
  /** A filled pill: only what wants a person. */
  filled: boolean;
}

const look = (glyph: GlyphName, tone: Tone, filled = false): Look => ({ glyph, tone, filled });

export const LOOKS: Record<StateCode, Look> = {
  draft: look('pencil', 'quiet'),
  saved: look('device', 'wait'),
  sending: look('up', 'accent'),
  sent: look('up', 'accent'),
  parked: look('up', 'accent'),
  // The one green tick there is: the server has accepted it.
  received: look('disc', 'ok'),
  received_photos_here: look('device', 'wait'),
  held: look('bars', 'bad', true),
  not_accepted: look('bars-crossed', 'bad', true),
  submitted: look('hourglass', 'quiet'),
  returned: look('bent', 'vio', true),
  approved_here: look('pen', 'wait'),
  returned_here: look('pen', 'wait'),
  escalated_here: look('pen', 'wait'),
  approved: look('pen-ring', 'plain'),
  escalated: look('hourglass', 'quiet'),
  amended: look('pen-broken', 'vio', true),
  answered: look('pen-broken', 'vio', true),
  conflict: look('fork', 'vio', true),
  confirm: look('pen', 'vio', true),
  begun: look('pencil', 'vio', true),
  withdrawn: look('pencil-crossed', 'quiet'),
  newer: look('dashed', 'wait'),
  elsewhere: look('dashed', 'quiet'),
  locked: look('padlock', 'wait'),
};

/** A code from the core as one that has a look; one from a newer core reads as not yet received. */
export function stateCode(code: string): StateCode {
  return Object.hasOwn(LOOKS, code) ? (code as StateCode) : 'saved';
}
