/** The font comes with the app: waiting for it is a blink, and a text never changes its width. */
const FAMILY = "1rem 'Atkinson Hyperlegible Next Variable'";
/** A font that does not come must not keep anybody from the screen. */
const PATIENCE_MS = 1_000;

export async function fontReady(): Promise<void> {
  const patience = new Promise((done) => setTimeout(done, PATIENCE_MS));
  const loaded = document.fonts.load(FAMILY).catch(() => undefined);
  await Promise.race([loaded, patience]);
}
