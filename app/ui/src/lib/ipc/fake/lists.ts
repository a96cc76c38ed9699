/** The force's own lists, read from where the product keeps them. */
import type { CodeView, ListsView } from '../bindings';

interface Listed {
  code: string;
  label: string;
  power?: string;
  group?: string;
  suspicion?: boolean;
  advice?: string;
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

export function powerNeedsGrounds(power: unknown): boolean {
  return raw.get('powers')?.find((it) => it.code === power)?.suspicion !== false;
}

const view = (it: Listed): CodeView => ({
  code: it.code,
  label: it.label,
  detail: it.power ? labelIn('powers', it.power) : null,
  group: it.group ?? null,
  power: it.power ?? null,
  suspicion: it.suspicion ?? null,
});

export const lists: ListsView = {
  version: '2026-11-20',
  lists: [...raw.entries()]
    .filter(([name]) => name !== 'grounds_phrases')
    .map(([name, codes]) => ({ name, codes: codes.map(view) })),
  hints: (raw.get('grounds_phrases') ?? []).map((it) => ({
    phrase: it.label.toLowerCase(),
    code: it.advice ?? 'generic',
  })),
};
