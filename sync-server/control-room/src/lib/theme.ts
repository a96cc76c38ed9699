/** Light, dark, or as the system says. Remembered in this browser; nothing else is. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'beatbook-theme';

export function theme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  show(theme);
}

export function startTheme(): void {
  show(theme());
}

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
