/** The words of the screens, in the language that is spoken. */
export { m } from './language.svelte';
export type { Messages, Translation } from './language.svelte';
