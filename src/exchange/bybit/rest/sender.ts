import { messageOf } from '../../../errors.ts';
import { AssertionError } from '../../../util/assert.ts';
import type { Clock } from '../../../util/clock.ts';
import { ExchangeError } from '../../errors.ts';
import type { Wire, WireRequest, WireResponse } from '../wire/wire.ts';

export interface SenderParts {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
  /** Removes the credentials from a text. */
  readonly redact: (text: string) => string;
}

/** Sends requests with a deadline on the injected clock, and notes whether the address responds at all. */
export class Sender {
  readonly #parts: SenderParts;
  readonly #inFlight = new Set<() => void>();
  #isClosed = false;
  #hasAnswered = false;
  #nobodySince: number | undefined;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** True when the address has responded at least once, even with a refusal. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /**
   * Since when every connection was refused because no server listens at the address, monotonic. Undefined when the last request was
   * not refused: it got a response (perhaps from a proxy that cannot reach the exchange) or timed out.
   */
  get nobodySince(): number | undefined {
    return this.#nobodySince;
  }

  /** Rejects with ExchangeError when there is no response in time; a response after the deadline is dropped. */
  send(path: string, request: WireRequest): Promise<WireResponse> {
    const { wire, clock, requestTimeoutMs, redact } = this.#parts;
    const abort = new AbortController();
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        cancel();
        this.#inFlight.delete(abandon);
      };
      const fail = (reason: string): void => {
        settle();
        abort.abort();
        reject(new ExchangeError('unavailable', 'unknown', redact(`${path}: ${reason}`)));
      };
      const abandon = (): void => fail('closed before the answer came');
      const cancel = clock.schedule(requestTimeoutMs, () => {
        this.#nobodySince = undefined;
        fail(`no answer within ${requestTimeoutMs} ms`);
      });
      this.#inFlight.add(abandon);
      wire.request(request, abort.signal).then(
        (response) => {
          this.#hasAnswered = true;
          this.#nobodySince = undefined;
          settle();
          resolve(response);
        },
        (error: unknown) => {
          this.#nobodySince = isConnectionRefused(error) ? (this.#nobodySince ?? clock.monotonic()) : undefined;
          if (!(error instanceof AssertionError)) return fail(messageOf(error));
          settle();
          reject(error);
        },
      );
    });
  }

  /** Requests in flight fail with an unknown outcome. */
  close(): void {
    this.#isClosed = true;
    for (const abandon of this.#inFlight) abandon();
  }
}

function isConnectionRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}
