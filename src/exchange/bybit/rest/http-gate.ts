import type { Clock } from '../../../util/clock.ts';
import { ExchangeError } from '../../errors.ts';

/** From the last answer that says so. */
const BAN_MS = 600_000;
/** Who must get out knocks this often at a door that is shut. */
const KNOCK_MS = 5000;
const CANCELS = /^v5\/order\/cancel/;

export function isCancel(path: string): boolean {
  return CANCELS.test(path);
}

/**
 * Whether a request may leave over HTTP. After a ban nothing does for ten minutes but a knock now and then: of cancels, and
 * of everything once trading is over. An answer to a knock opens the door again.
 */
export class HttpGate {
  readonly #clock: Clock;
  #shutUntil = Number.NEGATIVE_INFINITY;
  #knockedAt = Number.NEGATIVE_INFINITY;
  #insists = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isShut(): boolean {
    return this.#clock.monotonic() < this.#shutUntil;
  }

  insist(): void {
    this.#insists = true;
  }

  /** Throws ExchangeError when it may not leave. */
  pass(path: string): void {
    const now = this.#clock.monotonic();
    if (!this.isShut) return;
    const mayKnock = (isCancel(path) || this.#insists) && now - this.#knockedAt >= KNOCK_MS;
    if (!mayKnock) throw new ExchangeError('banned', 'not-applied', `${path}: not sent, HTTP 403 has shut this address out`);
    this.#knockedAt = now;
  }

  /** `sentAt`: monotonic. An answer to what left before the ban says nothing about it. */
  answered(isBan: boolean, sentAt: number): void {
    if (!isBan && sentAt < this.#knockedAt) return;
    const now = this.#clock.monotonic();
    this.#shutUntil = isBan ? now + BAN_MS : Number.NEGATIVE_INFINITY;
    if (isBan) this.#knockedAt = now;
  }
}
