/** Light or dark, large buttons, the language: the only things kept outside the encrypted store. */
import { fitting, LANGUAGES, speak } from './messages/language.svelte';

const KEY = 'beatbook.look';

export type Theme = 'light' | 'dark' | 'system';
export const THEMES: readonly Theme[] = ['light', 'dark', 'system'];

interface Look {
  theme: Theme;
  large: boolean;
  keys: boolean;
  /** The tag of a language, or the one of the system. */
  language: string;
}

function stored(): Look {
  const look: Look = { theme: 'system', large: false, keys: true, language: 'system' };
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Look>;
    if (found.theme && THEMES.includes(found.theme)) look.theme = found.theme;
    look.large = found.large === true;
    look.keys = found.keys !== false;
    const language = LANGUAGES.find((it) => it === found.language);
    if (language) look.language = language;
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

  get language(): string {
    return this.#look.language;
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
    void this.speak();
  }

  /** Resolves when the words of the language are there. */
  async speak(): Promise<void> {
    await speak(this.language === 'system' ? fitting(navigator.languages) : this.language);
  }
}

export const look = new LookState();
