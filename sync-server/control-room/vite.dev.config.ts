// The page with a made-up server beside it. For development alone; nothing of it is built in.
import { mergeConfig } from 'vite';

import { mock } from './dev/mock.ts';
import base from './vite.config.ts';

export default mergeConfig(base, {
  base: '/',
  plugins: [mock()],
  // The tokens lie with the app's front-end, the sample areas in assets/.
  server: { fs: { allow: ['../..'] } },
});
