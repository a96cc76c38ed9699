/** Which questions answers open, as the core says it, in its simplest form. */
import type { FieldMap } from '../bindings';
import { powerBasis } from './lists';

export function asked(kind: string, fields: FieldMap): string[] {
  if (kind === 'note') return [];
  const is = (key: string, ...codes: string[]) => codes.includes(String(fields[key] ?? ''));
  const child = is('age_band', 'under_10', '10_17');
  const further = is('extent', 'mts', 'eip');
  const vehicle = String(fields['subject']).includes('vehicle');
  const alone = is('subject', 'unattended_vehicle');
  const rules: [boolean, string[]][] = [
    [true, [powerBasis(fields['power']) === 'grounds' ? 'grounds' : 'authorisation']],
    [is('power', 'cjpoa_s60'), ['face_covering_removed']],
    [vehicle, ['vehicle_plate', 'vehicle_description', 'damage']],
    [alone, ['notice', 'left_secure']],
    [alone && is('notice', 'outside', 'not_left'), ['notice_reason']],
    [is('self_ethnicity', 'NS'), ['ethnicity_reason']],
    [!alone && !fields['sex'], ['perceived_sex']],
    [further, ['extent_reason', 'extent_place', 'extent_headgear_only', 'extent_officer_sex']],
    [further, ['extent_opposite_sex']],
    [is('extent', 'eip'), ['extent_supervisor']],
    [child, ['appropriate_adult']],
    [child && further && fields['appropriate_adult'] === false, ['appropriate_adult_reason']],
    [is('found', 'object', 'other'), ['found_what', 'weapon_found', 'exhibit', 'outcome_linked']],
    [is('outcome', 'arrest'), ['custody_reference', 'crime_reference']],
    [fields['force_used'] === true, ['handcuffs', 'force_reference']],
    [!fields['video'], ['video_reason']],
    [is('copy', 'not_practicable'), ['copy_reason']],
    [fields['identity_protected'] === true, ['identity_reason']],
    [fields['officer_safety'] === true, ['officer_safety_text']],
  ];
  return rules.flatMap(([open, keys]) => (open ? keys : []));
}
