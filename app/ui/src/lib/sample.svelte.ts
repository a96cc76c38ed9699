/** The sample that was drawn: it stays while its records are read one after the other. */
import type { SampleView } from './ipc/bindings';

class Sampled {
  count = $state('10');
  seed = $state('');
  view = $state.raw<SampleView | null>(null);
}

export const sampled = new Sampled();
