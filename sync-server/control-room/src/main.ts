import '../../../app/ui/src/lib/styles/tokens.css';
import '../../../app/ui/src/lib/styles/fonts.css';
import '../../../app/ui/src/lib/styles/common.css';
import '../../../app/ui/src/lib/styles/controls.css';
import './styles/base.css';

import { mount } from 'svelte';

import { fontReady } from '../../../app/ui/src/lib/font.ts';
import App from './App.svelte';
import { startTheme } from './lib/theme.ts';

startTheme();

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
await fontReady();
mount(App, { target });
