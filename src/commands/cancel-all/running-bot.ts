import type { ApiCredentials } from '../../config/credentials.ts';
import type { Address } from '../../config/venues.ts';
import { haltInstance, isHeld } from '../../store/instance.ts';
import { systemClock } from '../../util/clock.ts';
import { within } from '../../util/promise.ts';
import { nameByKey, nameByUser } from '../../wiring/account-names.ts';
import { quietFromNow, type Emergency } from '../../wiring/emergency.ts';

/** If the bot does not confirm in this time, its orders are canceled anyway; orders that it still sends are stragglers. */
const HALT_PATIENCE_MS = 500;
/** Timeout for reading the user id when looking for a running bot. */
const USER_PATIENCE_MS = 2000;

/** `unknown`: none of this key, but the user id, which would show one of another key, could not be read. */
export type BotOutcome = 'none' | 'halted' | 'unconfirmed' | 'skipped' | 'unknown';

interface BotParts {
  readonly address: Address;
  readonly credentials: ApiCredentials;
  readonly emergency: Pick<Emergency, 'userId'>;
  /** False with --no-halt. */
  readonly isWanted: boolean;
  /** Called when a bot was found after the first attempt. */
  readonly onLate: (outcome: BotOutcome) => void;
}

/** The mmbot live of an account on this machine, found by this key or by the user id, which has to be read from the exchange. */
export class RunningBot {
  readonly #parts: BotParts;
  readonly #byKey: string;
  #userId: string | undefined;
  #outcome: BotOutcome;
  #quietAt = Number.NEGATIVE_INFINITY;
  #isAsking = false;

  constructor(parts: BotParts) {
    this.#parts = parts;
    this.#byKey = nameByKey(parts.address, parts.credentials.apiKey);
    this.#outcome = parts.isWanted ? 'none' : 'skipped';
  }

  /** The outcome so far. */
  get outcome(): BotOutcome {
    return this.#isAsking && this.#outcome === 'none' ? 'unknown' : this.#outcome;
  }

  /** By when no order that a bot sent before it was halted can still reach the exchange, monotonic; infinite while one is looked for. */
  get quietAt(): number {
    return this.#isAsking ? Number.POSITIVE_INFINITY : this.#quietAt;
  }

  /** Whether a bot is running that would be halted. Does not halt it. */
  async isThere(): Promise<boolean> {
    if (!this.#parts.isWanted) return false;
    if (await isHeld(this.#byKey)) return true;
    const byUser = await within(systemClock, USER_PATIENCE_MS, this.#nameByUser(), () => undefined);
    return byUser !== undefined && (await isHeld(byUser));
  }

  /** Halts the bot of this key only, so that the first cancel does not wait for the user id. */
  async halt(): Promise<void> {
    if (this.#parts.isWanted) this.#outcome = await halted(this.#byKey);
  }

  /**
   * Halts the bot of the account also when it uses another key or spelling of the host. To be called after the first cancel was sent.
   */
  haltByUser(): void {
    if (this.#outcome !== 'none' && this.#outcome !== 'unconfirmed') return;
    this.#ask(() => this.#haltUser());
  }

  /** Halts a bot that may have started since. */
  haltAgain(): void {
    if (!this.#parts.isWanted || this.#isAsking) return;
    this.#ask(async () => {
      const outcome = await halted(this.#byKey);
      return outcome === 'none' ? this.#haltUser() : outcome;
    });
  }

  #ask(attempt: () => Promise<BotOutcome>): void {
    this.#isAsking = true;
    const done = (): void => {
      this.#isAsking = false;
    };
    attempt()
      .then((outcome) => this.#found(outcome))
      .then(done, done);
  }

  #found(outcome: BotOutcome): void {
    const isNew = outcome !== 'none' && outcome !== 'unknown';
    if (isNew) this.#quietAt = quietFromNow();
    if (isNew && outcome !== this.#outcome) this.#parts.onLate(outcome);
    // What was found once stays found.
    if (isNew || this.#outcome === 'none' || this.#outcome === 'unknown') this.#outcome = outcome;
  }

  async #haltUser(): Promise<BotOutcome> {
    const name = await this.#nameByUser();
    return name === undefined ? 'unknown' : halted(name);
  }

  async #nameByUser(): Promise<string | undefined> {
    const { emergency, address } = this.#parts;
    this.#userId ??= await emergency.userId();
    return this.#userId === undefined ? undefined : nameByUser(address, this.#userId);
  }
}

/** A local failure counts as unconfirmed and does not stop the cancels. */
function halted(name: string): Promise<BotOutcome> {
  return haltInstance(name, systemClock, HALT_PATIENCE_MS).catch(() => 'unconfirmed' as const);
}
