/** The force's own lists, read from where the product keeps them. */
import type { CodeView, ListsView } from '../bindings';

interface Listed {
  code: string;
  label: string;
  power?: string;
  group?: string;
  suspicion?: boolean;
  advice?: string;
  governing?: string;
  authorisation?: { kind: string };
}

const files = import.meta.glob<{ codes: Listed[] }>('../../../../../../assets/codes/*.json', {
  eager: true,
  import: 'default',
});

const raw = new Map(
  Object.entries(files).map(([path, list]) => [
    path.replace(/^.*\/|\.json$/g, ''),
    Array.isArray(list) ? (list as Listed[]) : list.codes,
  ]),
);

export function labelIn(list: string, code: unknown): string {
  return raw.get(list)?.find((it) => it.code === code)?.label ?? String(code ?? '');
}

const basisOf = ({ suspicion, authorisation }: Listed): string | null =>
  suspicion === undefined ? null : suspicion ? 'grounds' : (BASES[authorisation?.kind ?? ''] ?? '');
const BASES: Record<string, string> = { area: 'authorisation', order: 'order' };

export function powerBasis(power: unknown): string {
  const found = raw.get('powers')?.find((it) => it.code === power);
  return (found && basisOf(found)) || 'grounds';
}

const view = (it: Listed): CodeView => ({
  code: it.code,
  label: it.label,
  detail: it.power ? labelIn('powers', it.power) : null,
  group: it.group ?? null,
  power: it.power ?? null,
  suspicion: it.suspicion ?? null,
  basis: basisOf(it),
  governing: it.governing ?? null,
});

export const lists: ListsView = {
  version: '12',
  since: Date.UTC(2026, 10, 20, 9),
  lists: [...raw.entries()]
    .filter(([name]) => name !== 'grounds_phrases')
    .map(([name, codes]) => ({ name, codes: codes.map(view) })),
  hints: (raw.get('grounds_phrases') ?? []).map((it) => ({
    phrase: it.label.toLowerCase(),
    code: it.advice ?? 'generic',
  })),
  settings: {
    gowiselyItems: new URLSearchParams(location.search).has('items'),
  },
};
