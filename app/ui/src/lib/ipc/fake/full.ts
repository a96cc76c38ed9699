import type { FieldMap } from '../bindings';

/** Searches that only have to be signed, by name. */
export const FULL: Record<string, FieldMap> = {
  full: {},
  child: {
    age_band: '10_17',
    extent: 'eip',
    extent_place: 'police_station',
    appropriate_adult: false,
    found: 'object',
    found_what: 'Wraps of white powder',
    outcome: 'arrest',
    force_used: true,
    officer_safety: true,
    identity_protected: true,
  },
  area: {
    object: 'weapons_s60',
    power: 'cjpoa_s60',
    authorisation: 'S60/2026/114',
    grounds: null,
  },
  order: { object: 'offensive_weapons', power: 'svro_s342e', authorisation: null, grounds: null },
  vehicle: {
    subject: 'unattended_vehicle',
    notice: 'outside',
    object: 'stolen_goods',
    power: 'pace_s1',
    vehicle_plate: 'BX19KLM',
    vehicle_description: 'Silver van',
  },
};
