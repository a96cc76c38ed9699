import './lib/styles/fonts.css';
import './lib/styles/tokens.css';
import './lib/styles/common.css';
import './lib/styles/controls.css';
import './lib/styles/base.css';
import './lib/styles/parts.css';

import { mount } from 'svelte';

import App from './App.svelte';
import { fontReady } from './lib/font';

const target = document.getElementById('app');
await fontReady();
if (target) mount(App, { target });
