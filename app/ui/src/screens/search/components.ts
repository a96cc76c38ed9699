/** The page of each part of a search, for a draft and for a change alike. */
import type { Component } from 'svelte';

import type { Page, PageProps } from './pages';
import Copy from './Copy.svelte';
import Grounds from './Grounds.svelte';
import ObjectPage from './Object.svelte';
import Said from './Said.svelte';
import Video from './Video.svelte';
import What from './What.svelte';
import Where from './Where.svelte';
import Who from './Who.svelte';

export const COMPONENTS: Record<Exclude<Page, 'check'>, Component<PageProps>> = {
  where: Where,
  object: ObjectPage,
  said: Said,
  grounds: Grounds,
  who: Who,
  what: What,
  video: Video,
  copy: Copy,
};
