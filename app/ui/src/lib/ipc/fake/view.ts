/** A record of the fake as the core gives it. */
import { changedFields } from '../../fields';
import type { MadeView, RecordView, SinceView } from '../bindings';
import { labelIn } from './lists';
import { HOUR, rowOf, type Stored } from './stored';
import { labelOfColleague } from './team';
import type { World } from './world';

export function made(it: Stored, number: number): MadeView {
  const at = rowOf(it, true).happenedAt + (number - 1) * HOUR;
  const accepted = it.delivery.code === 'received';
  const receivedAt = accepted ? at + 60_000 : null;
  return { number, by: it.officer, device: '4f2a91', here: false, at, receivedAt, accepted };
}

/** What has changed since it was returned, of one that has a second version. */
function sinceOf(it: Stored): SinceView | null {
  const [before, after] = [it.versions[0], it.fields];
  if (!it.flags.includes('second_version') || !before) return null;
  const last = it.timeline.findLast((line) => ['approved', 'returned'].includes(line.code));
  return {
    verdict: last?.code === 'approved' ? 'approve' : 'return',
    by: last?.by ?? 'Sgt 2093 Ahmed',
    at: last?.deviceTime ?? Date.now() - HOUR,
    fields: changedFields(before, after).map((field) => ({
      field,
      before: before[field] ?? null,
      after: after[field] ?? null,
      beforeLabel: null,
      afterLabel: null,
    })),
    addenda: [],
    photos: [],
  };
}

export function viewOf(world: World, it: Stored): RecordView {
  const own = world.own(it) || world.query.has('own');
  const decided = !['submitted', 'amended', 'answered'].includes(it.review?.code ?? '');
  const refused = own ? 'own_record' : decided ? 'decided' : null;
  const labels: Record<string, string> = {};
  const text = String(it.fields['grounds'] ?? '').toLowerCase();
  const vague = text.includes('known drugs area');
  return {
    row: rowOf(it, own),
    reference: it.reference,
    officer: it.officer,
    own,
    fields: it.fields,
    labels: { ...labels, object: labelIn('objects', it.fields['object']) },
    ward: 'Soho & Jewellery Quarter',
    photos: it.photos,
    addenda: it.addenda,
    conflicts: it.conflicts,
    timeline: it.timeline,
    version: it.versions.length,
    heads: it.heads,
    canAdd: own && it.review?.code !== 'withdrawn',
    canWithdraw: own && it.review?.code !== 'withdrawn',
    grid: it.fields['place_lat_e7'] ? 'SP 0512 8897' : null,
    encounter: [],
    notes: [],
    canShare: own,
    canSubmit: false,
    shared: it.shared.map((id) => ({
      officerId: id,
      label: labelOfColleague(id),
      at: Date.now(),
      accepted: world.link === 'connected',
    })),
    held: it.held,
    begun: it.begun,
    versions: it.versions.map((_, at) => made(it, at + 1)),
    unsent: it.delivery.code === 'saved',
    review: world.supervisor
      ? {
          canApprove: refused === null,
          canReturn: refused === null,
          refused,
          checksFit: [
            'on_time',
            'power_object',
            'ethnicity',
            ...(it.fields['video'] ? ['video'] : []),
          ],
          advice: [
            ...(vague
              ? [{ field: 'grounds', code: 'place_not_person', phrase: 'known drugs area' }]
              : []),
            ...(it.flags.includes('under_18')
              ? [{ field: 'age_band', code: 'under_18', phrase: null }]
              : []),
          ],
          photosMissing: it.photos.filter((photo) => photo.state === 'elsewhere').length,
          dueAt: it.dueAt,
          again: it.review?.code === 'approved' && !own,
          since: sinceOf(it),
        }
      : null,
    logged: !own,
  };
}
