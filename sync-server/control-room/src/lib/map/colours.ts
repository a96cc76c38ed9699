/** The tokens as colours that a canvas understands. */

const TOKENS = [
  'bg',
  'surface',
  'sunken',
  'line-strong',
  'text',
  'text-2',
  'accent',
  'bad',
  'wait',
] as const;

export type Palette = Record<(typeof TOKENS)[number], string>;

/** A token may be a light-dark() pair, which only an element's own colour resolves. */
export function palette(beside: HTMLElement): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  beside.append(probe);
  const entries = TOKENS.map((token) => {
    probe.style.color = `var(--${token})`;
    return [token, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(entries) as Palette;
}
