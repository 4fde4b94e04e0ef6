import type { Surface } from '../../../src/simulator/bybit-api/surface.ts';
import { checkRest } from '../bybit-schemas/rest.ts';
import { checkMessage } from '../bybit-schemas/sockets.ts';
import type { Verdict } from '../bybit-schemas/verdict.ts';

/** Everything of one name that passed. */
interface Tally {
  /** Refusals are not among them. */
  passed: number;
  refused: number;
  readonly issues: string[];
  /** The shortest that says something, and how it was judged. */
  sample: Sample | undefined;
}

export interface Sample {
  readonly text: string;
  readonly judge: (text: string) => Verdict;
}

const MOST_ISSUES = 20;
const MOST_WAIT_MS = 30_000;

/** What passed between one client and the exchange, each reply and each message checked as it passed. */
export class WireTap {
  readonly tallies = new Map<string, Tally>();
  readonly #waiting = new Set<() => void>();

  /** `surface`, with this tap on its wire. */
  around(surface: Surface): Surface {
    return {
      http: async (request) => {
        const response = await surface.http(request);
        this.#note(response.body, (body) => checkRest(request, { ...response, body }));
        return response;
      },
      connect: (path, peer) =>
        surface.connect(path, {
          send: (sent) => {
            this.#note(sent.text, (message) => checkMessage(path.split('?')[0] ?? '', message));
            peer.send(sent);
          },
          close: (code, reason) => peer.close(code, reason),
        }),
      close: () => surface.close(),
    };
  }

  has(name: string): boolean {
    const tally = this.tallies.get(name);
    return tally !== undefined && tally.passed > 0;
  }

  /** Resolves when something of each of `names` has passed. */
  async passed(...names: readonly string[]): Promise<void> {
    const deadline = Date.now() + MOST_WAIT_MS;
    const timer = setTimeout(() => this.#wake(), MOST_WAIT_MS + 1);
    while (Date.now() < deadline && !names.every((name) => this.has(name))) await this.next();
    clearTimeout(timer);
    const missing = names.filter((name) => !this.has(name));
    if (missing.length > 0) throw new Error(`nothing passed of ${missing.join(', ')} within ${MOST_WAIT_MS} ms`);
  }

  /** Resolves when anything has passed. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
    });
  }

  issues(): string[] {
    return [...this.tallies].flatMap(([name, { issues }]) => issues.map((issue) => `${name}: ${issue}`));
  }

  #note(text: string, judge: (text: string) => Verdict): void {
    const { name, isSuccess, issues } = judge(text);
    let tally = this.tallies.get(name);
    if (tally === undefined) {
      tally = { passed: 0, refused: 0, issues: [], sample: undefined };
      this.tallies.set(name, tally);
    }
    if (issues.length > 0 && tally.issues.length < MOST_ISSUES) tally.issues.push(`${issues.join('; ')} in ${text.slice(0, 600)}`);
    if (isSuccess) {
      tally.passed += 1;
      if (isTelling(text) && text.length < (tally.sample?.text.length ?? Infinity)) tally.sample = { text, judge };
    } else tally.refused += 1;
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}

/** A list with a row in it, if it has a list. */
function isTelling(text: string): boolean {
  return !text.includes('"list":[]');
}
