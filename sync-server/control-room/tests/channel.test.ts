import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { openChannel, type Listener, type Source } from '../src/lib/channel.ts';
import { record } from './sample.ts';

/** A source whose events the test sends. */
class Fake extends EventTarget implements Source {
  closed = false;

  constructor(readonly url: string) {
    super();
  }

  close(): void {
    this.closed = true;
  }

  say(name: string, data: object): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

function open() {
  const sources: Fake[] = [];
  const heard: string[] = [];
  let position = 7;
  const listener: Listener = {
    after: () => position,
    hello: (epoch) => heard.push(`hello ${epoch}`),
    record: (it) => {
      position = it.position;
      heard.push(`record ${it.position}`);
    },
    device: (it) => heard.push(`device ${it.id}`),
    beat: (at) => heard.push(`beat ${at}`),
    lost: () => heard.push('lost'),
  };
  const channel = openChannel(listener, (url) => {
    const source = new Fake(url);
    sources.push(source);
    return source;
  });
  const last = () => sources.at(-1) ?? expect.fail('no source');
  return { channel, sources, heard, last };
}

describe('the live channel', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('goes on after the position reached when it broke', () => {
    const { sources, heard, last } = open();
    expect(last().url).toContain('after=7');
    last().say('hello', { epoch: 'e' });
    last().say('record', record('a', 8));
    last().dispatchEvent(new Event('error'));
    vi.advanceTimersByTime(1_000);
    expect(sources).toHaveLength(2);
    expect(last().url).toContain('after=8');
    expect(heard).toEqual(['hello e', 'record 8', 'lost']);
  });

  it('gives up a source that is open and silent', () => {
    const { sources, heard, last } = open();
    last().say('beat', { position: 7 });
    vi.advanceTimersByTime(9_999);
    expect(heard).toEqual(['beat 7']);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual(['beat 7', 'lost']);
    expect(sources[0]?.closed).toBe(true);
  });

  it('ignores what a source given up still delivers', () => {
    const { sources, heard, last } = open();
    last().dispatchEvent(new Event('error'));
    vi.advanceTimersByTime(1_000);
    sources[0]?.say('record', record('a', 8));
    expect(heard).toEqual(['lost']);
  });

  it('waits longer after each failure, and less again after a beat', () => {
    const { sources, last } = open();
    const failFor = (ms: number) => {
      last().dispatchEvent(new Event('error'));
      const before = sources.length;
      vi.advanceTimersByTime(ms);
      return sources.length > before;
    };
    expect(failFor(625)).toBe(true);
    expect(failFor(700)).toBe(false);
    vi.advanceTimersByTime(600);
    expect(failFor(1_400)).toBe(false);
    vi.advanceTimersByTime(1_200);
    last().say('beat', { position: 7 });
    expect(failFor(625)).toBe(true);
  });

  it('stops when it is closed', () => {
    const { channel, sources } = open();
    channel.close();
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
  });
});
