/** A language of a few words, for tests alone: what it lacks is said in English. */
import type { Translation } from '../../../src/lib/messages';

const n = (count: number, word: string) => `${count} ${word}`;

export default {
  menuName: 'Dewislen',
  yes: 'Ie',
  menu: {
    title: 'Dewislen',
    theme: 'Golau neu dywyll',
    themes: { light: 'Golau', dark: 'Tywyll' },
    language: 'Iaith',
    languageSystem: 'Fel y ddyfais',
    lastHeard: (time: string) => `Clywyd gan y gweinydd: ${time}`,
  },
  time: { today: 'Heddiw', spans: { minutes: (count: number) => n(count, 'munud') } },
} satisfies Translation;
