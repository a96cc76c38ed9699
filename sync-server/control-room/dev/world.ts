/** Made-up records, devices and published searches. Every name and place is invented. */
import type {
  ConsoleDevices,
  ConsoleMe,
  ConsoleRecord,
  ConsoleRecordDetail,
  ConsoleRecords,
  ConsoleSearches,
  Photo,
} from '../src/lib/api.ts';

const MINUTE = 60_000;

type Seed = readonly [
  title: string,
  officer: string,
  place: string | null,
  accuracy: number | null,
  outcome: string | null,
  flags: readonly string[],
  delayMin: number,
  status: ConsoleRecord['status'],
];

const SEEDS: readonly Seed[] = [
  [
    'Offensive weapons',
    'PC 5120 Okoro',
    'Inkerman Road',
    8,
    'Arrest',
    ['arrest', 'weapon_found'],
    5,
    'submitted',
  ],
  ['Stolen goods', 'PC 6033 Lewis', 'Viaduct Street', 15, 'No further action', [], 15, 'submitted'],
  [
    'Controlled drugs',
    'PC 3381 Shaw',
    'by the bus station',
    null,
    'Community resolution',
    [],
    50,
    'approved',
  ],
  ['Note: missing person seen', 'PC 2290 Begum', 'Park Lane', 5, null, [], 2, 'submitted'],
  [
    'Controlled drugs',
    'PC 5120 Okoro',
    'Grove Lane',
    12,
    'No further action',
    ['under_18'],
    6,
    'returned',
  ],
  [
    'Article for use in theft',
    'PC 4102 Hughes',
    'Quarry Top',
    6,
    'No further action',
    [],
    9,
    'approved',
  ],
  [
    'Offensive weapons',
    'PC 5120 Okoro',
    'Saddlers Row',
    9,
    'No further action',
    [],
    7,
    'submitted',
  ],
  [
    'Controlled drugs',
    'PC 7754 Ali',
    'Tanners Field',
    20,
    'Penalty notice for disorder',
    [],
    7,
    'amended',
  ],
  [
    'Firearms',
    'PC 3381 Shaw',
    'Weavers Mill',
    7,
    'Arrest',
    ['arrest', 'officer_safety'],
    6,
    'approved',
  ],
  ['Controlled drugs', 'PC 4417 Patel', null, 240, 'No further action', [], 195, 'submitted'],
  ['Going equipped', 'PC 4102 Hughes', 'Pinfold Way', 11, 'No further action', [], 3, 'withdrawn'],
];

export class World {
  readonly epoch = 'mock';
  position = 0;
  silent = false;
  private records = new Map<string, ConsoleRecord>();
  private here = new Set<string>();

  constructor(private readonly start: number) {
    for (let i = 26; i >= 0; i -= 1) this.add(i, start - (i * 6 + 1) * MINUTE);
  }

  me(): ConsoleMe {
    return {
      id: 'me',
      label: 'Operator 9001 Reed',
      role: 'control_room',
      team: 'Control room',
      force: 'Westerby Police (sample)',
      expires: this.start + 12 * 3_600_000,
    };
  }

  page(): ConsoleRecords {
    return {
      epoch: this.epoch,
      position: this.position,
      records: [...this.records.values()].sort((a, b) => a.position - b.position),
      more: false,
    };
  }

  after(position: number): ConsoleRecord[] {
    return this.page().records.filter((record) => record.position > position);
  }

  arrive(now: number): void {
    this.add(this.records.size, now);
  }

  clear(): void {
    this.records.clear();
  }

  photoIsHere(sha256: string): boolean {
    return this.here.has(sha256);
  }

  /** The next photo that was missing arrives. */
  photoComes(): void {
    const record = [...this.records.values()].find((it) => it.photos_here < it.photos);
    if (!record) return;
    this.here.add(photoOf(record.id, 1));
    this.position += 1;
    this.records.set(record.id, { ...record, photos_here: 2, position: this.position });
  }

  detail(id: string): ConsoleRecordDetail | null {
    const record = this.records.get(id);
    if (!record) return null;
    const at = record.happened_at ?? record.received_at;
    const sergeant = 'Sgt 2093 Ahmed';
    const event = (code: string, by: string, ms: number, text: string | null = null) => ({
      code,
      by,
      device_time: ms,
      server_time: Math.max(ms, record.received_at),
      text,
      reasons: code === 'returned' ? ['grounds'] : [],
    });
    return {
      record,
      fields: {
        object: 'controlled_drugs',
        power: 'mda_s23',
        subject: 'person',
        grounds:
          'Seen handing a small clear bag to another person by the bus shelter, then put ' +
          'something in the left jacket pocket and walked off fast when he saw the uniform.',
        sex: 'm',
        age_band: '18_24',
        self_ethnicity: 'NS',
        officer_ethnicity: 'IC1',
        extent: 'jog',
        found: 'nothing',
        outcome: record.outcome ?? 'nfa',
        force_used: false,
        copy: 'qr',
        video: 'Camera 4417-A',
        searched_by_label: record.officer,
        station: 'Westerby Central',
        completed_at: at + 4 * MINUTE,
        ...(record.flags.includes('officer_safety')
          ? { officer_safety: true, officer_safety_text: 'Made threats to officers.' }
          : {}),
      },
      labels: {
        object: record.title,
        power: record.power_label ?? '',
        subject: 'Person',
        sex: 'Male',
        age_band: '18 to 24',
        self_ethnicity: 'Not stated',
        officer_ethnicity: 'IC1, White, North European',
        extent: 'Jacket, outer coat, gloves',
        found: 'Nothing found',
        outcome: record.outcome_label ?? '',
        copy: 'QR code',
      },
      addenda: [
        { text: 'Seen on camera 14 as well.', by: record.officer, at: record.received_at + MINUTE },
      ],
      photos: Array.from({ length: record.photos }, (_, index): Photo => ({
        id: `${id}-${index}`,
        sha256: photoOf(id, index),
        caption: index === 0 ? 'Where he stood' : null,
        here: this.here.has(photoOf(id, index)),
        bytes: 2_400_000,
      })),
      timeline: [
        event('created', record.officer, at),
        event('submitted', record.officer, at + 3 * MINUTE),
        ...(record.status === 'returned'
          ? [event('returned', sergeant, record.received_at + MINUTE, 'What did you see him do?')]
          : []),
        ...(record.status === 'approved'
          ? [event('approved', sergeant, record.received_at + MINUTE)]
          : []),
      ],
      conflicts: record.conflict
        ? [
            {
              field: 'place_text',
              options: [
                { value: 'Tanners Field', by: record.officer, at },
                { value: 'Tanners Field, junction', by: 'PC 5120 Okoro', at: at + 9 * MINUTE },
              ],
            },
          ]
        : [],
    };
  }

  devices(): ConsoleDevices {
    const now = Date.now();
    const device = (
      name: string,
      officer: string | null,
      quietMin: number | null,
      waiting = 0,
    ) => ({
      id: name,
      name,
      form_factor: name.startsWith('Tablet') ? 'tablet' : 'phone',
      officer,
      last_heard: quietMin === null ? null : now - quietMin * MINUTE,
      waiting,
      waiting_photos: waiting > 1 ? 1 : 0,
      oldest_waiting: waiting > 0 ? now - ((quietMin ?? 0) + 25) * MINUTE : null,
      revoked: name.endsWith('19'),
    });
    return {
      server_time: now,
      devices: [
        device('Phone 11', 'PC 4417 Patel', 42, 3),
        device('Phone 12', 'PC 5120 Okoro', 1),
        device('Phone 13', 'PC 6033 Lewis', 35),
        device('Tablet 2', 'Sgt 2093 Ahmed', 2, 1),
        device('Phone 14', 'PC 2290 Begum', 0),
        device('Phone 15', null, null),
        device('Phone 19', 'PC 7754 Ali', 9_000),
      ],
    };
  }

  searches(limit: number): ConsoleSearches {
    const total = 1_296;
    return {
      total,
      searches: Array.from({ length: Math.min(limit, total) }, (_, index) => ({
        at: this.start - (index + 700) * 37 * MINUTE,
        lat: 52.46,
        lon: -1.89,
        columns: {
          Type: 'Person search',
          Gender: index % 4 ? 'Male' : 'Female',
          'Age range': ['18-24', '25-34', '10-17'][index % 3] ?? '',
          Legislation: 'Misuse of Drugs Act 1971 (section 23)',
          'Object of search': 'Controlled drugs',
          Outcome: index % 3 ? 'A no further action disposal' : 'Arrest',
        },
      })),
    };
  }

  private add(index: number, received: number): void {
    const seed = SEEDS[index % SEEDS.length] ?? SEEDS[0];
    if (!seed) return;
    const [title, officer, place, accuracy, outcome, flags, delayMin, status] = seed;
    this.position += 1;
    const id = `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`;
    const photos = index % 5 === 0 ? 2 : 0;
    if (photos) this.here.add(photoOf(id, 0));
    // A small fixed scatter over the sample areas.
    const turn = index * 2.399;
    this.records.set(id, {
      id,
      position: this.position,
      kind: outcome ? 'stop_search' : 'note',
      reference: `W11-26-${String(4200 + index)}`,
      received_at: received,
      happened_at: received - delayMin * MINUTE,
      title,
      subject: outcome ? 'Person' : null,
      officer,
      team: 'Response 2',
      place_text: place,
      lat: index % 11 === 2 ? null : 52.46 + Math.sin(turn) * 0.009 * Math.sqrt(index + 1),
      lon: index % 11 === 2 ? null : -1.9 + Math.cos(turn) * 0.014 * Math.sqrt(index + 1),
      accuracy_m: accuracy === null ? null : accuracy,
      ward: index % 11 === 2 ? null : 'Inkerman Road',
      district: 'Westerby (sample)',
      outcome: outcome ? 'x' : null,
      outcome_label: outcome,
      power_label: outcome ? 'Police and Criminal Evidence Act 1984, section 1' : null,
      incident_log: index % 2 ? String(2214 - index) : null,
      operation: index % 6 === 0 ? 'Operation Lion' : null,
      flags: [...flags],
      photos,
      photos_here: photos ? 1 : 0,
      status,
      status_by: status === 'submitted' ? officer : 'Sgt 2093 Ahmed',
      conflict: index % 11 === 7,
      version: 1,
    });
  }
}

function photoOf(id: string, index: number): string {
  return `${id.slice(-4)}${index}`.padStart(64, 'a');
}
