import { randomId, systemRandom } from '../../util/random.ts';
import { UNUSED_S, type QueueNames } from './redis-queue.ts';
import { isAlive } from './worker-list.ts';
import type { RedisClient } from './redis-connection.ts';

const DEATH = 'death:';

/**
 * Who has tried to make a run, and how often that ended a process. Kept in Redis: a run that ends its worker must not be tried by one worker
 * after the other for ever.
 */
export class Attempts {
  readonly #client: RedisClient;
  readonly #names: QueueNames;

  constructor(client: RedisClient, names: QueueNames) {
    this.#client = client;
    this.#names = names;
  }

  /** This worker begins the run. Until `end`, its own death counts as one of the run. */
  async begin(id: string, worker: { readonly id: string; readonly name: string }): Promise<void> {
    await this.#put(id, worker.id, worker.name);
  }

  /** This worker lives, and does not make the run any more. */
  async end(id: string, workerId: string): Promise<void> {
    await this.#client.hdel(this.#names.attempts(id), workerId);
  }

  /** A process that made the run has died, not its worker. */
  async died(id: string, how: string): Promise<void> {
    await this.#put(id, DEATH + randomId(systemRandom, 8), how);
  }

  /** How each process ended that made the run and died of it, or with it. */
  async deaths(id: string): Promise<readonly string[]> {
    const entries = Object.entries(await this.#client.hgetall(this.#names.attempts(id)));
    const deaths = entries.map(async ([who, text]) => {
      if (who.startsWith(DEATH)) return [text];
      return (await isAlive(this.#client, who)) ? [] : [`worker ${text} ended`];
    });
    return (await Promise.all(deaths)).flat();
  }

  async forget(id: string): Promise<void> {
    await this.#client.del(this.#names.attempts(id));
  }

  async #put(id: string, who: string, text: string): Promise<void> {
    const key = this.#names.attempts(id);
    await this.#client.multi().hset(key, who, text).expire(key, UNUSED_S).exec();
  }
}
