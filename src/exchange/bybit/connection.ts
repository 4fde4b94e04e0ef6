import type { Clock } from '../../util/clock.ts';
import type { Random } from '../../util/random.ts';
import type { Credentials } from './wire/signature.ts';
import type { Wire } from './wire/wire.ts';

/** How an exchange is reached. */
export interface ConnectionOptions {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly random: Random;
  readonly credentials: Credentials;
  /** `http://host:port`, no path. */
  readonly restUrl: string;
  /** `ws://host:port`, no path. */
  readonly wsUrl: string;
  /** The exchange refuses a request that arrives later than this after signing, ms; at most 2000. */
  readonly recvWindowMs: number;
  readonly requestTimeoutMs: number;
}
