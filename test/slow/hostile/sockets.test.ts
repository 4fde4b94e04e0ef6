import { expect, test } from 'vitest';
import { kindsNamed } from '../../support/hostile/damages.ts';
import { planOf } from '../../support/hostile/plan.ts';
import { socketSession } from '../../support/hostile/socket-session.ts';
import { Tally } from '../../support/hostile/tally.ts';
import { folderWith } from '../../support/program/folders.ts';
import { startMs } from '../../support/program/machine.ts';
import { startMmbot } from '../../support/program/running.ts';

/** As in virtual.test.ts. `HOSTILE_JOBS`: so many sessions at a time. */
const { HOSTILE_SEED, HOSTILE_KINDS, HOSTILE_FIRST = '0', HOSTILE_SESSIONS = '130', HOSTILE_JOBS = '3' } = process.env;
const FIRST = Number(HOSTILE_SEED ?? HOSTILE_FIRST);
const SESSIONS = HOSTILE_SEED === undefined ? Number(HOSTILE_SESSIONS) : 1;
/** How many accounts an exchange has. */
const ACCOUNTS = 100;
/** Coprime to the number of kinds: also a short run draws from all of the table. */
const STRIDE = 37;

interface Exchange {
  readonly restUrl: string;
  readonly keys: readonly { readonly apiKey: string; readonly secret: string }[];
}

async function startShared(): Promise<Exchange> {
  const running = startMmbot(['exchange', '--json', '--ledger', '--accounts', String(ACCOUNTS), '--market', 'toxic', '--seed', '7']);
  await running.seen('\n}');
  return JSON.parse(running.stdout()) as Exchange;
}

test(
  `${SESSIONS} sessions between processes with a hostile exchange, and kills, break no promise`,
  { timeout: 3 * 3_600_000 },
  async () => {
    const tally = new Tally('test/slow/hostile/sockets.test.ts');
    const exchanges = await Promise.all(Array.from({ length: Math.ceil(SESSIONS / ACCOUNTS) }, startShared));
    const took = await startMs();
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < SESSIONS) {
        const turn = next;
        next += 1;
        const seed = FIRST + turn;
        const { restUrl = '', keys = [] } = exchanges[Math.floor(turn / ACCOUNTS)] ?? {};
        const key = keys[turn % ACCOUNTS];
        if (key === undefined) throw new Error('no account is left');
        const plan = planOf({ seed: String(seed), index: seed * STRIDE, only: kindsNamed(HOSTILE_KINDS) });
        tally.add(plan, await socketSession({ plan, account: { restUrl, ...key }, cwd: folderWith(), startMs: took }));
      }
    };
    await Promise.all(Array.from({ length: Number(HOSTILE_JOBS) }, work));
    console.log(tally.text());
    expect(tally.failures).toEqual([]);
  },
);
