/** Patterns as a team of some size has them. */
import type { GroupView, PatternsView, RateView } from '../bindings';
import type { World } from './world';

const FEW = 20;
const CODES = [
  ['found', 0.24],
  ['linked', 0.8],
  ['no_further_action', 0.71],
  ['more_than_outer', 0.04],
  ['force', 0.11],
  ['no_video', 0.06],
  ['grounds', 0.15],
] as const;

function shares(searches: number): RateView[] {
  const found = Math.round(searches * 0.24);
  return CODES.map(([code, rate]) => {
    const of = code === 'linked' ? found : searches;
    return { code, part: Math.round(of * rate), of, few: of < FEW };
  });
}

const group = (label: string, searches: number): GroupView => ({
  label,
  searches,
  shares: shares(searches),
});

export function patterns(world: World): PatternsView {
  const searches = world.query.has('empty') ? 0 : 118;
  return {
    from: Date.now() - 91 * 86_400_000,
    searches,
    vehicles: 4,
    more: false,
    few: FEW,
    all: shares(searches),
    ethnicities: [
      group('White', 47),
      group('Mixed', 9),
      group('Asian', 26),
      group('Black', 22),
      group('Other', 3),
      group('Not stated', 7),
    ],
    objects: [group('Controlled drugs', 71), group('Offensive weapons', 47)],
    officers: [group('PC 6033 Lewis', 31), group('PC 5120 Okoro', 12), group('PC 4417 Patel', 75)],
  };
}
