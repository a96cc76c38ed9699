/** Light or dark, and large buttons: the only things kept outside the encrypted store. */
const KEY = 'beatbook.look';

export type Theme = 'light' | 'dark' | 'system';
export const THEMES: readonly Theme[] = ['light', 'dark', 'system'];

interface Look {
  theme: Theme;
  large: boolean;
  keys: boolean;
}

function stored(): Look {
  const look: Look = { theme: 'system', large: false, keys: true };
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Look>;
    if (found.theme && THEMES.includes(found.theme)) look.theme = found.theme;
    look.large = found.large === true;
    look.keys = found.keys !== false;
  } catch {
    // A web view without storage shows the device's own scheme.
  }
  return look;
}

class LookState {
  #look = $state<Look>(stored());

  get theme(): Theme {
    return this.#look.theme;
  }

  get large(): boolean {
    return this.#look.large;
  }

  get keys(): boolean {
    return this.#look.keys;
  }

  set(change: Partial<Look>): void {
    Object.assign(this.#look, change);
    this.apply();
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#look));
    } catch {
      // Then it holds until the app is closed.
    }
  }

  apply(): void {
    const root = document.documentElement;
    if (this.theme === 'system') root.removeAttribute('data-theme');
    else root.dataset['theme'] = this.theme;
    if (this.large) root.dataset['buttons'] = 'large';
    else root.removeAttribute('data-buttons');
  }
}

export const look = new LookState();
