import type { ApiCredentials } from '../../config/credentials.ts';
import type { Address } from '../../config/venues.ts';
import { haltInstance, isHeld } from '../../store/instance.ts';
import { systemClock } from '../../util/clock.ts';
import { within } from '../../util/promise.ts';
import { nameByKey, nameByUser } from '../../wiring/account-names.ts';
import { quietFromNow, type Emergency } from '../../wiring/emergency.ts';

/** A bot that does not answer in this time is canceled behind its back; what it still sends are stragglers. */
const HALT_PATIENCE_MS = 500;
/** For the question whether there is one: whose account it is must be told in this time. */
const USER_PATIENCE_MS = 2000;

export type BotOutcome = 'none' | 'halted' | 'unconfirmed' | 'skipped';

interface BotParts {
  readonly address: Address;
  readonly credentials: ApiCredentials;
  readonly emergency: Pick<Emergency, 'userId'>;
  /** Whether it may be halted at all. */
  readonly isWanted: boolean;
  /** Hears of one that was found after the first attempt. */
  readonly onLate: (outcome: BotOutcome) => void;
}

/** The mmbot live of an account on this machine: by this key, or by the account's user, whom the exchange has to name first. */
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

  /** What is known so far. */
  get outcome(): BotOutcome {
    return this.#outcome;
  }

  /** Whether nothing that it sent before it halted can still land. */
  get isQuiet(): boolean {
    return !this.#isAsking && systemClock.monotonic() >= this.#quietAt;
  }

  /** Whether there is one that would be halted. It is left in peace. */
  async isThere(): Promise<boolean> {
    if (!this.#parts.isWanted) return false;
    if (await isHeld(this.#byKey)) return true;
    const byUser = await within(systemClock, USER_PATIENCE_MS, this.#nameByUser(), () => undefined);
    return byUser !== undefined && (await isHeld(byUser));
  }

  /** By its key alone: the first cancel waits for nothing else. */
  async halt(): Promise<void> {
    if (this.#parts.isWanted) this.#outcome = await halted(this.#byKey);
  }

  /**
   * Also under another key or another spelling of the host. To be called when the first cancel is on its way, which waits for nothing.
   */
  haltByUser(): void {
    if (this.#outcome !== 'none' && this.#outcome !== 'unconfirmed') return;
    this.#ask(async () => {
      const name = await this.#nameByUser();
      return name === undefined ? 'none' : halted(name);
    });
  }

  /** Whichever runs by now: it may have started since. */
  haltAgain(): void {
    if (!this.#parts.isWanted || this.#isAsking) return;
    this.#ask(async () => {
      const outcome = await halted(this.#byKey);
      const name = outcome === 'none' ? await this.#nameByUser() : undefined;
      return name === undefined ? outcome : halted(name);
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
    if (outcome === 'none') return;
    this.#quietAt = quietFromNow();
    if (outcome !== this.#outcome) this.#parts.onLate(outcome);
    this.#outcome = outcome;
  }

  async #nameByUser(): Promise<string | undefined> {
    const { emergency, address } = this.#parts;
    this.#userId ??= await emergency.userId();
    return this.#userId === undefined ? undefined : nameByUser(address, this.#userId);
  }
}

/** A failure on this machine does not stop the cancels. */
function halted(name: string): Promise<BotOutcome> {
  return haltInstance(name, systemClock, HALT_PATIENCE_MS).catch(() => 'unconfirmed' as const);
}
