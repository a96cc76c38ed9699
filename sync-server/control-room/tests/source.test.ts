import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

const SOURCE = join(import.meta.dirname, '..', 'src');
/** Written by `cargo xtask generate`: types with the words of the server, and no code. */
const GENERATED = join('lib', 'schema.d.ts');
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(svelte|css|ts)$/.test(name) && name !== GENERATED)
  .map((name) => ({ name, text: readFileSync(join(SOURCE, name), 'utf8') }));

describe('the source', () => {
  it('has no colour of its own: all come from the tokens', () => {
    const colour = /#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|light-dark)\([^)]/i;
    const found = files.filter(({ text }) => colour.test(text));
    expect(found.map(({ name }) => name)).toEqual([]);
  });

  it('asks nobody outside', () => {
    const found = files.filter(({ text }) => /(?:https?:)?\/\/[a-z0-9-]+\.[a-z]{2,}/i.test(text));
    expect(found.map(({ name }) => name)).toEqual([]);
  });

  it('writes no style attribute, which the policy of the page would drop', () => {
    const found = files.filter(
      ({ name, text }) => name.endsWith('.svelte') && /\sstyle="/.test(text),
    );
    expect(found.map(({ name }) => name)).toEqual([]);
  });

  it('has files that can be read in one go', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 400);
    expect(long.map(({ name }) => name)).toEqual([]);
  });
});
