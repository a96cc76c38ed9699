/** Every screen by its name in the address. */
import type { Component } from 'svelte';

import Again from './Again.svelte';
import Home from './Home.svelte';
import Menu from './Menu.svelte';
import Note from './Note.svelte';
import Patterns from './Patterns.svelte';
import Photo from './Photo.svelte';
import Receipt from './Receipt.svelte';
import Sample from './Sample.svelte';
import Search from './Search.svelte';
import Sending from './Sending.svelte';
import Tasks from './Tasks.svelte';
import RecordScreen from './record/Record.svelte';
import Review from './review/Review.svelte';
import StopSearch from './search/StopSearch.svelte';

export const SCREENS: Record<string, Component<{ id: string; rest: string }>> = {
  home: Home,
  'stop-search': StopSearch,
  receipt: Receipt,
  note: Note,
  photo: Photo,
  record: RecordScreen,
  review: Review,
  sending: Sending,
  search: Search,
  menu: Menu,
  held: Tasks,
  patterns: Patterns,
  sample: Sample,
  again: Again,
};
