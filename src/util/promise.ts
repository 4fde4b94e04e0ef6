import type { Clock } from './clock.ts';

/** A promise with its resolve and reject functions; `Promise.withResolvers` needs Node 22. */
export function withResolvers<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
} {
  let settle: (value: T) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = resolve;
    fail = reject;
  });
  return { promise, resolve: (value) => settle(value), reject: (error) => fail(error) };
}

/** The outcome of `work`, or `late` after `delayMs`; a later outcome is ignored. */
export function within<T, L>(clock: Clock, delayMs: number, work: Promise<T>, late: () => L): Promise<T | L> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(Math.max(0, delayMs), () => {
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    });
    work.then(resolve, reject).finally(cancel);
  });
}
