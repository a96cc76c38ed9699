// The page with a made-up server beside it. For development alone; nothing of it is built in.
import { mergeConfig } from 'vite';

import { mock } from './dev/mock.ts';
import base from './vite.config.ts';

const POLICY =
  "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; worker-src 'self' blob:; " +
  "connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

export default mergeConfig(base, {
  base: '/',
  plugins: [mock()],
  // The tokens lie with the app's front-end, the sample areas in assets/.
  // The built page under the policy that the server sends.
  preview: { headers: { 'content-security-policy': POLICY } },
  server: { fs: { allow: ['../..'] } },
});
