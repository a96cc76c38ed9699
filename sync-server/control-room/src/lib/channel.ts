/**
 * The live channel: server-sent events from the position reached, opened again whenever it breaks
 * or falls silent. The page never relies on the browser noticing a dead connection.
 */
import { liveUrl, type ConsoleDevice, type ConsoleRecord } from './api.ts';
import { SILENCE_MAX_MS } from './liveness.ts';

export interface Listener {
  /** Where to go on. */
  after(): number;
  hello(epoch: string): void;
  record(record: ConsoleRecord): void;
  device(device: ConsoleDevice): void;
  beat(position: number | null): void;
  /** The channel broke; another attempt follows. */
  lost(): void;
}

/** The part of EventSource that is used; tests give another. */
export interface Source {
  addEventListener(name: string, act: (event: Event) => void): void;
  close(): void;
}

const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000] as const;

export interface Channel {
  close(): void;
}

export function openChannel(
  listener: Listener,
  connect: (url: string) => Source = (url) => new EventSource(url),
): Channel {
  let source: Source | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  function open(): void {
    const mine = connect(liveUrl(listener.after()));
    source = mine;
    watch();
    // What a source that was given up still delivers is ignored.
    const on = (name: string, act: (data: string) => void) =>
      mine.addEventListener(name, (event) => {
        if (source !== mine) return;
        watch();
        act((event as MessageEvent<string>).data);
      });
    on('hello', (data) => listener.hello(read<{ epoch: string }>(data).epoch));
    on('record', (data) => listener.record(read<ConsoleRecord>(data)));
    on('device', (data) => listener.device(read<ConsoleDevice>(data)));
    on('beat', (data) => {
      failures = 0;
      listener.beat(read<{ position: number | null }>(data).position);
    });
    mine.addEventListener('error', () => {
      if (source === mine) again();
    });
  }

  /** Gives the source up when nothing is heard for too long. */
  function watch(): void {
    clearTimeout(timer);
    timer = setTimeout(again, SILENCE_MAX_MS);
  }

  function again(): void {
    source?.close();
    source = null;
    const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0;
    failures += 1;
    clearTimeout(timer);
    // Pages that lost the same server do not all come back in the same moment.
    timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
    listener.lost();
  }

  open();
  return {
    close() {
      clearTimeout(timer);
      source?.close();
      source = null;
    },
  };
}

function read<T>(data: string): T {
  return JSON.parse(data) as T;
}
