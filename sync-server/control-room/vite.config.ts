import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Relative addresses: the server may be mounted below a path by a proxy.
  base: './',
  plugins: [svelte()],
  // The style sheets of the app are used here too; the font they name is this package's own.
  resolve: {
    alias: { '@fontsource-variable': `${import.meta.dirname}/node_modules/@fontsource-variable` },
  },
  worker: { format: 'es' },
  build: {
    // Older browsers would need light-dark() rewritten.
    target: ['safari18', 'chrome125', 'firefox128'],
    cssTarget: ['safari18', 'chrome125', 'firefox128'],
    // The page's policy allows no data: addresses for fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The map's library is large and loaded only with the map.
    chunkSizeWarningLimit: 1300,
  },
  test: { environment: 'node', include: ['tests/**/*.test.ts'] },
});
