/** Tells when an element comes near the screen and when it leaves. */

/** So far beyond the edges that a fast finger sees no gap and the Tab key finds what is next. */
const MARGIN = '1200px 0px';

/** An attachment that calls `tell` with true as the element comes near, false as it leaves. */
export function near(tell: (inside: boolean, node: HTMLElement) => void) {
  return (node: HTMLElement) => {
    // Where nothing is laid out, as in tests, all is near.
    if (typeof IntersectionObserver === 'undefined') {
      tell(true, node);
      return;
    }
    const seen = new IntersectionObserver(
      (entries) => tell(entries.at(-1)?.isIntersecting ?? false, node),
      { rootMargin: MARGIN },
    );
    seen.observe(node);
    return () => seen.disconnect();
  };
}

/** A list in pieces of some size. */
export function pieces<T>(items: readonly T[], size = 50): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}
