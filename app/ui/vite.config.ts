import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const TRYING = ['test', 'fake'];
const here = (path: string) => decodeURI(new URL(path, import.meta.url).pathname);

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  // The web views that the app runs in know light-dark(); a rewrite of it would be larger.
  build: {
    target: ['safari18', 'chrome125'],
    cssTarget: ['safari18', 'chrome125'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // The fake host reads the force's lists from where the product keeps them.
  server: { fs: { allow: ['../..'] } },
  resolve: {
    // Where languages are looked for. The tests and the fake host find those of the tests there.
    alias: { '@languages': here(TRYING.includes(mode) ? 'tests/languages' : 'src/lib/messages') },
    // Tests mount components, so they need the browser's build of Svelte.
    ...(mode === 'test' ? { conditions: ['browser'] } : {}),
  },
  test: { environment: 'jsdom', setupFiles: ['tests/setup.ts'], include: ['tests/**/*.test.ts'] },
}));
