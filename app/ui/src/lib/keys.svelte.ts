/** Keyboard shortcuts. They never fire in a field, and can be switched off in the menu. */
import { look } from './look.svelte';

export type Keys = Record<string, () => void>;
const active: Keys[] = [];

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select');
}

function press(event: KeyboardEvent): void {
  if (!look.keys || event.defaultPrevented || event.altKey || event.metaKey) return;
  if (event.ctrlKey) {
    if (event.key === 'Enter') {
      event.preventDefault();
      const within = document.querySelector('dialog[open]') ?? document.querySelector('.dock');
      within?.querySelector<HTMLElement>('[data-main]')?.click();
    }
    return;
  }
  if (inField(event.target) || document.querySelector('dialog[open]')) return;
  if (/^[1-9]$/.test(event.key)) {
    const options = document.querySelectorAll<HTMLElement>('main [data-option]');
    options[Number(event.key) - 1]?.click();
    return;
  }
  const found = [...active].reverse().find((keys) => keys[event.key]);
  if (found) {
    event.preventDefault();
    found[event.key]?.();
  }
}

/** Starts hearing keys; returns how to stop. */
export function hearKeys(): () => void {
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}

/** These keys work for as long as the component lives; those of the newest one win. */
export function keys(map: () => Keys): void {
  $effect(() => {
    const mine = map();
    active.push(mine);
    return () => void active.splice(active.indexOf(mine), 1);
  });
}
