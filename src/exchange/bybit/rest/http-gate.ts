import type { Clock } from '../../../util/clock.ts';
import { ExchangeError } from '../../errors.ts';
import { BAN_MS } from '../codec/limits.ts';

/** A banned connection is probed this often when orders must be canceled. */
const PROBE_MS = 5000;
const CANCELS = /^v5\/order\/cancel/;

export function isCancel(path: string): boolean {
  return CANCELS.test(path);
}

/**
 * Decides whether a request may be sent over HTTP. During the ten minutes after a ban only occasional probes are sent: cancels or,
 * after `forceProbes`, any request. A response to a probe that reports no ban ends the ban.
 */
export class HttpGate {
  readonly #clock: Clock;
  #shutUntil = Number.NEGATIVE_INFINITY;
  #probedAt = Number.NEGATIVE_INFINITY;
  #forcesProbes = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isShut(): boolean {
    return this.#clock.monotonic() < this.#shutUntil;
  }

  forceProbes(): void {
    this.#forcesProbes = true;
  }

  /** Throws ExchangeError when the request may not be sent. */
  pass(path: string): void {
    const now = this.#clock.monotonic();
    if (!this.isShut) return;
    const mayProbe = (isCancel(path) || this.#forcesProbes) && now - this.#probedAt >= PROBE_MS;
    if (!mayProbe) throw new ExchangeError('banned', 'not-applied', `${path}: not sent, this IP address is banned (HTTP 403)`);
    this.#probedAt = now;
  }

  /** `sentAt`: monotonic. A response to a request from before the ban does not show that the ban has ended. */
  answered(isBan: boolean, sentAt: number): void {
    if (!isBan && sentAt < this.#probedAt) return;
    const now = this.#clock.monotonic();
    this.#shutUntil = isBan ? now + BAN_MS.http : Number.NEGATIVE_INFINITY;
    if (isBan) this.#probedAt = now;
  }
}
