/** A shift as it may be: what an officer and a supervisor find on their devices. */
import type { FieldMap } from '../bindings';
import { HOUR, MINUTE, OKORO, PATEL, line, note, photo, search, state, stored } from './stored';
import type { Stored } from './stored';

export function officerRecords(now: number): Stored[] {
  const ago = (minutes: number) => now - minutes * MINUTE;
  const words = 'Door staff at The Angel turned away two men. One had what looked like a blade.';
  return [
    stored(
      'r1aa',
      'stop_search',
      'Controlled drugs',
      search(ago(42), PATEL, 'Soho Road'),
      state('saved', ago(40)),
    ),
    stored(
      'r2bb',
      'note',
      'Door staff, The Angel',
      note(ago(80), 'The Angel', words),
      state('saved', ago(79)),
      {
        photos: [
          photo('p1', 'Blade, DP/1', ago(79), 'saved'),
          photo('p2', 'Doorway', ago(78), 'saved'),
        ],
      },
    ),
    stored(
      'r3cc',
      'stop_search',
      'Article for use in theft',
      search(ago(110), PATEL, 'Villa Road', {
        subject: 'person_and_vehicle',
        object: 'article_for_theft',
        power: 'pace_s1',
      }),
      state('saved', ago(109)),
    ),
    stored(
      'r4dd',
      'stop_search',
      'Offensive weapons',
      search(ago(200), PATEL, 'Villa Road', {
        object: 'offensive_weapons',
        power: 'pace_s1',
        found: 'object',
        outcome: 'arrest',
        weapon_found: true,
      }),
      state('received', ago(199)),
    ),
    stored(
      'r5ee',
      'note',
      'Missing person, Park Lane',
      note(ago(250), 'Park Lane', 'Spoke to the mother.'),
      state('received', ago(249)),
    ),
    stored(
      'r6ff',
      'stop_search',
      'Stolen goods',
      search(ago(26 * 60), PATEL, 'Soho Road', {
        object: 'stolen_goods',
        power: 'pace_s1',
        grounds: 'Known drugs area, acting suspiciously.',
      }),
      state('received', ago(26 * 60 - 2)),
      {
        review: state('returned', ago(20 * 60), { by: 'Sgt 2093 Ahmed' }),
        shown: 'review',
        timeline: [
          line('written', PATEL, ago(26 * 60), { accepted: true, serverTime: ago(26 * 60 - 2) }),
          line('submitted', PATEL, ago(26 * 60 - 1), {
            accepted: true,
            serverTime: ago(26 * 60 - 2),
          }),
          line('returned', 'Sgt 2093 Ahmed', ago(20 * 60), {
            accepted: true,
            reasons: ['grounds'],
            text: 'Say what you saw him do',
          }),
        ],
      },
    ),
    stored(
      'r7gg',
      'note',
      'Thornhill Road',
      note(ago(27 * 60), 'Thornhill Road, by the library', 'Shop window broken, no witnesses.'),
      state('received', ago(27 * 60 - 1)),
      {
        review: state('conflict', ago(27 * 60)),
        shown: 'review',
        conflicts: [
          {
            field: 'place_text',
            options: [
              {
                value: 'Thornhill Road, by the library',
                by: PATEL,
                mine: true,
                here: true,
                at: ago(1620),
              },
              {
                value: 'Thornhill Road junction with Oxhill Road',
                by: OKORO,
                mine: false,
                here: false,
                at: ago(1603),
              },
            ],
          },
        ],
      },
    ),
    stored(
      'r9ii',
      'note',
      'Burglary, Villa Road',
      note(ago(29 * 60), 'Villa Road', 'Rear window forced, untidy search of the bedroom.'),
      state('held', ago(28 * 60), { reason: 'team' }),
      {
        held: {
          code: 'held',
          reason: 'team',
          at: ago(28 * 60),
          whole: false,
          fields: {
            text: 'Rear window forced, untidy search of the bedroom. Camera at number 14.',
          },
          labels: {},
          addenda: [],
          photos: 0,
        },
      },
    ),
    stored(
      'r8hh',
      'stop_search',
      'Firearms',
      search(ago(50 * 60), PATEL, 'Birchfield Road', { object: 'firearms', power: 'firearms_s47' }),
      state('received', ago(50 * 60 - 1)),
      { review: state('approved', ago(40 * 60), { by: 'Sgt 2093 Ahmed' }), shown: 'review' },
    ),
  ];
}

export function supervisorRecords(now: number): Stored[] {
  const ago = (minutes: number) => now - minutes * MINUTE;
  const waiting = (
    id: string,
    title: string,
    fields: FieldMap,
    flags: string[],
    dueAt: number,
    more: Partial<Stored> = {},
  ) =>
    stored(id, 'stop_search', title, fields, state('received', now - HOUR), {
      flags,
      dueAt,
      shown: 'review',
      ...more,
    });
  const younger = search(ago(50 * 60), PATEL, 'Soho Road', {
    age_band: '10_17',
    video: null,
    copy: 'refused',
  });
  const area = search(ago(26 * 60), OKORO, 'Villa Road', {
    object: 'weapons_s60',
    power: 'cjpoa_s60',
    grounds: null,
    authorisation: 'Supt Hall, Handsworth, until 02:00',
  });
  const place = search(ago(180), PATEL, 'Soho Road, outside 112', {
    grounds:
      'Male seen in a known drugs area, passed a small bag to a driver and took cash. Put his hand in his waistband when he saw us.',
  });
  const force = search(ago(270), 'PC 6033 Lewis', 'Birchfield Road', {
    object: 'stolen_goods',
    power: 'pace_s1',
    force_used: true,
    handcuffs: 'compliant',
  });
  const again = search(ago(312), OKORO, 'Park Lane', {
    object: 'article_for_theft',
    power: 'pace_s1',
  });
  return [
    waiting('q1aa', 'Controlled drugs', younger, ['under_18', 'no_video'], now - 2 * HOUR),
    waiting('q2bb', 'Weapons, section 60', area, [], now + 3 * HOUR),
    waiting('q3cc', 'Controlled drugs', place, ['grounds'], now + 45 * HOUR, {
      photos: [
        photo('p3', 'Bag, DP/2', ago(178), 'received'),
        photo('p4', 'Cash', ago(177), 'elsewhere'),
      ],
    }),
    waiting('q4dd', 'Stolen goods', force, ['force'], now + 46 * HOUR),
    waiting('q5ee', 'Article for use in theft', again, ['second_version'], now + 47 * HOUR, {
      versions: [{ ...again, grounds: 'Acting suspiciously.' }, again],
      heads: ['q5ee-2'],
    }),
  ];
}
