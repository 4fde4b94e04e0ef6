import { every, sleep, type Cancel, type Clock } from '../../../src/util/clock.ts';
import { randomInt, seededRandom, type Random } from '../../../src/util/random.ts';
import type { JsonObject } from '../../../src/util/json.ts';
import type { Hand } from './hand.ts';
import { PHASES, type Check, type Kind, type Phase, type SocketName, type Source, type Tools } from './kind.ts';

const SWARM_RATES = [0.03, 0.1, 0.3, 1];
/** With more nothing would ever start. */
const MOST_AT_STARTUP = 0.08;
const PAST_ROWS = 50;
const READS = new Set(['lists', 'rows', 'instruments', 'market', 'account']);

/** A kind in one session. */
export interface Drawn {
  readonly kind: Kind;
  readonly rate: number;
  readonly phases: readonly Phase[];
}

/** What the seed says of a kind does not depend on which others are drawn: a set can be shrunk without changing the rest. */
export function drawOf(kind: Kind, random: Random): Drawn {
  const own = random.fork(kind.name);
  const rates = kind.rates ?? SWARM_RATES;
  const rate = rates[randomInt(own, rates.length)] ?? 1;
  const isAlways = own.uniform() < 0.5;
  const phases = isAlways ? PHASES : PHASES.filter(() => own.uniform() < 0.4);
  return { kind, rate, phases: phases.length === 0 ? ['quoting', 'stop', 'cancelAll', 'guard', 'freeze'] : phases };
}

/** What a client's connections can do for the kinds. */
interface Client {
  say(socket: SocketName, message: JsonObject): void;
  cut(socket: SocketName): void;
}

interface HostilityParts {
  readonly drawn: readonly Drawn[];
  readonly clock: Clock;
  readonly hand: Hand;
  readonly seed: string;
}

/** The kinds of one session, at work: whether each strikes now, and how often it has. */
export class Hostility {
  readonly #parts: HostilityParts;
  readonly #dice = new Map<string, Random>();
  readonly #tools = new Map<string, Tools>();
  readonly #clients = new Set<Client>();
  readonly #past = new Map<string, JsonObject[]>();
  readonly dealt = new Map<string, number>();
  #timers: Cancel[] = [];
  phase: Phase = 'startup';

  constructor(parts: HostilityParts) {
    this.#parts = parts;
    for (const { kind } of parts.drawn) {
      const random = seededRandom(`${parts.seed}/${kind.name}`);
      this.#dice.set(kind.name, random.fork('dice'));
      this.#tools.set(kind.name, this.#toolsFor(random.fork('deal')));
    }
  }

  get drawn(): readonly Drawn[] {
    return this.#parts.drawn;
  }

  get clock(): Clock {
    return this.#parts.clock;
  }

  /** Acts begin. */
  begin(): void {
    const { clock, drawn } = this.#parts;
    for (const { kind, phases } of drawn) {
      if (kind.deals !== 'act') continue;
      const tools = this.tools(kind);
      const period = tools.between(...kind.everyMs);
      const act = (): void => {
        if (!phases.includes(this.phase)) return;
        this.#count(kind);
        void Promise.resolve(kind.deal(tools)).catch(() => undefined);
      };
      this.#timers.push(every(clock, period, act));
    }
  }

  /** Nothing is damaged any more. */
  end(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
    this.#isOver = true;
  }
  #isOver = false;

  tools(kind: Kind): Tools {
    const tools = this.#tools.get(kind.name);
    if (tools === undefined) throw new Error(`${kind.name} is not in this session`);
    return tools;
  }

  /** Those of one sort that strike at this occasion. */
  striking<D extends Kind['deals']>(deals: D, subject: unknown): readonly Extract<Kind, { deals: D }>[] {
    if (this.#isOver) return [];
    const struck: Extract<Kind, { deals: D }>[] = [];
    for (const { kind, rate, phases } of this.#parts.drawn) {
      if (kind.deals !== deals || !phases.includes(this.phase)) continue;
      const one = kind as Extract<Kind, { deals: D }>;
      if (!(one as unknown as { at: (subject: unknown) => boolean }).at(subject)) continue;
      const isEarly = this.phase === 'startup' && phases.length > 1;
      const share = isEarly ? Math.min(rate, MOST_AT_STARTUP) : rate;
      if ((this.#dice.get(kind.name)?.uniform() ?? 1) >= share) continue;
      this.#count(kind);
      struck.push(one);
    }
    return struck;
  }

  join(client: Client): void {
    this.#clients.add(client);
  }

  leave(client: Client): void {
    this.#clients.delete(client);
  }

  /** What the private stream truly brought. */
  remember(topic: string, rows: readonly JsonObject[]): void {
    const past = this.#past.get(topic) ?? [];
    past.push(...rows);
    this.#past.set(topic, past.slice(-PAST_ROWS));
  }

  /** The reason why a check is not made in this session, if there is one. */
  excuse(check: Check): string | undefined {
    for (const { kind } of this.#parts.drawn) {
      const reason = kind.excuses?.[check];
      if (reason !== undefined && this.dealt.has(kind.name)) return `${kind.name}: ${reason}`;
    }
    return undefined;
  }

  /** Reads alone were damaged: whatever was asked for was done. */
  get hasObeyed(): boolean {
    return this.#parts.drawn.every(({ kind }) => READS.has(kind.group) || !this.dealt.has(kind.name));
  }

  isBlind(...sources: readonly Source[]): boolean {
    return sources.every((source) =>
      this.#parts.drawn.some(({ kind }) => this.dealt.has(kind.name) && kind.blinds?.includes(source) === true),
    );
  }

  #count({ name }: Kind): void {
    this.dealt.set(name, (this.dealt.get(name) ?? 0) + 1);
  }

  #toolsFor(random: Random): Tools {
    const { clock, hand } = this.#parts;
    return {
      random,
      clock,
      hand,
      phase: () => this.phase,
      between: (least, most) => least + random.uniform() * (most - least),
      memory: new Map(),
      say: (socket, message) => {
        for (const client of this.#clients) client.say(socket, message);
      },
      cut: (socket) => {
        for (const client of this.#clients) client.cut(socket);
      },
      past: (topic) => this.#past.get(topic) ?? [],
    };
  }
}

/** Whether less than a drawn time, s, has passed since it was first asked so in this phase. */
export function isWithin(tools: Tools, least: number, most: number): boolean {
  const now = tools.clock.monotonic();
  const name = `until ${tools.phase()}`;
  const until = Number(tools.memory.get(name) ?? now + tools.between(least, most) * 1000);
  tools.memory.set(name, until);
  return now < until;
}

/** For kinds that wait. */
export function pause(tools: Tools, least: number, most: number): Promise<void> {
  return sleep(tools.clock, tools.between(least, most));
}
