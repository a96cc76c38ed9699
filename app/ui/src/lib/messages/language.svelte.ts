/**
 * Which languages there are, and which one is spoken. English is built in; every other one is a
 * folder beside this file, named after its language tag, whose `index.ts` exports the words that
 * it has. Nothing else names it: it is found when the app is built, loaded when it is chosen, and
 * what it lacks is said in English.
 */
import { en } from './en';

export type Messages = typeof en;

/** Any part of the words, in their shape and with the same facts in them. */
type Part<T> = T extends string
  ? string
  : T extends (...facts: infer A) => string
    ? (...facts: A) => string
    : { readonly [K in keyof T]?: Part<T[K]> };
export type Translation = Part<Messages>;

/** The language that is always there. */
export const ENGLISH = 'en-GB';

const FOUND = import.meta.glob<Translation>('@languages/*/index.ts', { import: 'default' });
const LOAD = new Map(
  Object.entries(FOUND).map(([file, load]) => [file.split('/').at(-2) ?? '', load]),
);

/** The tags of all languages, English first. */
export const LANGUAGES: readonly string[] = [ENGLISH, ...LOAD.keys()];

/** What a language calls itself, and the language of that name: a web view that does not know it
 * names it in its own. One that nobody knows is called by its tag. */
export function nameOf(tag: string): { label: string; lang?: string } {
  try {
    const names = new Intl.DisplayNames([tag], { type: 'language' });
    const lang = names.resolvedOptions().locale;
    const name = names.of(tag) ?? tag;
    return { label: name.charAt(0).toLocaleUpperCase(lang) + name.slice(1), lang };
  } catch {
    return { label: tag };
  }
}

const base = (tag: string) => tag.toLowerCase().split('-')[0];

/** The first language that somebody asks for and that there is; otherwise English. */
export function fitting(wanted: readonly string[]): string {
  for (const tag of wanted) {
    const same = LANGUAGES.find((it) => it.toLowerCase() === tag.toLowerCase());
    const found = same ?? LANGUAGES.find((it) => base(it) === base(tag));
    if (found) return found;
  }
  return ENGLISH;
}

const isTable = (it: unknown): it is Record<string, unknown> =>
  typeof it === 'object' && it !== null && !Array.isArray(it);

/** The words of one language over those of another, which stand wherever the first has none. */
export function over<T>(below: T, above: unknown): T {
  if (isTable(below) && isTable(above)) {
    const words: Record<string, unknown> = { ...below };
    for (const [key, word] of Object.entries(above)) {
      words[key] = Object.hasOwn(words, key) ? over(words[key], word) : word;
    }
    return words as T;
  }
  const fits = typeof below === typeof above && Array.isArray(below) === Array.isArray(above);
  return fits ? (above as T) : below;
}

let spoken = $state.raw<Messages>(en);
/** What was asked for last: a file that comes late must not speak over a later choice. */
let asked = ENGLISH;

/** Every word by its name. Looked up when it is shown, so that a change of language changes it. */
export const m: Messages = new Proxy(en, {
  get: (_, name) => Reflect.get(spoken, name) as unknown,
});

/** Speaks a language from now on. One that cannot be loaded leaves the one before. */
export async function speak(tag: string): Promise<void> {
  asked = tag;
  const load = LOAD.get(tag);
  try {
    const words = load ? over(over(en, { time: { locale: tag } }), await load()) : en;
    if (asked !== tag) return;
    spoken = words;
    document.documentElement.lang = tag;
  } catch {
    // The file of the language is not there: everything can still be read.
  }
}
