/** Single-key shortcuts: never in a field, never with a modifier, and they can be switched off. */

const KEY = 'beatbook-shortcuts';

export function shortcutsOn(): boolean {
  return localStorage.getItem(KEY) !== 'off';
}

export function setShortcuts(on: boolean): void {
  localStorage.setItem(KEY, on ? 'on' : 'off');
}

/** The key if it is a shortcut's, else null. */
export function shortcut(event: KeyboardEvent): string | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return null;
  const { target } = event;
  const typing =
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
  return typing || !shortcutsOn() ? null : event.key;
}
