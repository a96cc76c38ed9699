/** The words of the screens. Another language is another file of the same type. */
import { en } from './en';

export type Messages = typeof en;
export const m: Messages = en;
