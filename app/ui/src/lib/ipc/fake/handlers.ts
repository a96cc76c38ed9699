/** What answers each command. */
import type { Commands } from '../index';

export type Handlers = {
  [C in keyof Commands]: (args: Commands[C]['args']) => Commands[C]['answer'];
};
