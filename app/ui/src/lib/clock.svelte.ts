/** The time as shown, so that "42 minutes" grows while it is read. */
class Clock {
  now = $state(Date.now());

  start(): () => void {
    const timer = setInterval(() => (this.now = Date.now()), 5000);
    return () => clearInterval(timer);
  }
}

export const time = new Clock();
