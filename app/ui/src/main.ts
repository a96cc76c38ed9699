import './lib/styles/fonts.css';
import './lib/styles/tokens.css';
import './lib/styles/common.css';
import './lib/styles/controls.css';
import './lib/styles/base.css';
import './lib/styles/parts.css';

import { mount } from 'svelte';

import App from './App.svelte';
import { fontReady } from './lib/font';
import { look } from './lib/look.svelte';

const target = document.getElementById('app');
await Promise.all([fontReady(), look.speak()]);
addEventListener('languagechange', () => void look.speak());
if (target) mount(App, { target });
