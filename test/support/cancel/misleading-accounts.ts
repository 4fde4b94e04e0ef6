import { expect } from 'vitest';
import { isOwn } from '../../../src/exchange/cancel-port.ts';
import { READS_LATE_MS } from '../../../src/exchange/complete.ts';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import { randomInt, seededRandom, type Random } from '../../../src/util/random.ts';
import { cancelScene, isCancel, json, pathOf, THROTTLED, type Fault } from './cancel-scene.ts';
import { lateBy, rows, without, type Row } from '../wires/list-faults.ts';

const DEADLINE_MS = 60_000;
/** Within what is assumed of reads. */
const MOST_LATE_MS = 5500;

/** What befalls the account of one seed. */
interface Plan {
  readonly lateMs: number;
  readonly damagedShare: number;
  readonly endlessShare: number;
  readonly lostShare: number;
  readonly writesUntilMs: number;
  readonly isMine: boolean;
  readonly perOrder: boolean;
  readonly deadSockets: boolean;
}

function planOf(random: Random): Plan {
  const sometimes = (most: number): number => (random.uniform() < 0.5 ? 0 : most * random.uniform());
  return {
    lateMs: sometimes(MOST_LATE_MS),
    damagedShare: sometimes(0.3),
    endlessShare: sometimes(0.5),
    lostShare: sometimes(0.3),
    writesUntilMs: sometimes(90_000),
    isMine: random.uniform() < 0.5,
    perOrder: random.uniform() < 0.5,
    deadSockets: random.uniform() < 0.3,
  };
}

/** An exchange that is late, loses, damages and never ends its lists, with somebody who may place orders: `verified` must be true of the ledger. */
export async function neverMisled(seed: string): Promise<{ readonly verified: boolean }> {
  const plan = planOf(seededRandom(`plan ${seed}`));
  const list: { late: Fault } = { late: (_, pass) => pass() };
  const fault: Fault = async (request, pass, random) => {
    if (random.uniform() < plan.lostShare) return lostIn(request, pass, random);
    const damaged = rows((all) => all.map((row) => (random.uniform() < plan.damagedShare ? damage(row, random) : row)));
    const answer = await damaged(request, () => list.late(request, pass, random), random);
    return random.uniform() < plan.endlessShare
      ? { ...answer, body: answer.body.replace(/"nextPageCursor":"[^"]*"/, '"nextPageCursor":"again"') }
      : answer;
  };
  const scene = cancelScene(seed, ['BTCUSDT', 'ETHUSDT'], fault, { deadSockets: plan.deadSockets });
  if (plan.lateMs > 0) list.late = lateBy(plan.lateMs, () => scene.clock.monotonic());
  scene.rest(12);
  scene.rest(3, 'manual-');
  // Orders that bulk takes before any list shows them are no sign of whoever places them, unless the stream is heard.
  const isSeen = !plan.deadSockets || plan.isMine || plan.endlessShare + plan.lostShare === 0;
  const writer = seededRandom(`writer ${seed}`);
  let lastPlacedAt = 0;
  const write = (): void => {
    lastPlacedAt = scene.clock.monotonic();
    scene.rest(1, 'mm-other-');
  };
  const untilMs = isSeen ? plan.writesUntilMs : 0;
  for (let at = 0; at < untilMs; at += 100 + randomInt(writer, 9000)) scene.clock.schedule(at, write);
  const { isMine, perOrder } = plan;
  const report = await scene.cancel({ deadlineMs: DEADLINE_MS, perOrder, isEverything: !isMine, ...(isMine ? { isTarget: isOwn } : {}) });
  expect([seed, scene.clock.monotonic() <= DEADLINE_MS + 2000]).toEqual([seed, true]);
  const open = scene.open();
  if (isMine) expect([seed, open.filter((id) => id.startsWith('manual-'))]).toEqual([seed, expect.objectContaining({ length: 3 })]);
  if (report instanceof ExchangeError || !report.verified) return { verified: false };
  // Whoever begins to place orders where no stream is heard is seen no sooner than the lists show it: it is as if he began after the proof.
  const beganLate = plan.deadSockets && report.evidence.placedMeanwhile === 0 && scene.clock.monotonic() - lastPlacedAt < READS_LATE_MS;
  if (beganLate) return { verified: true };
  expect({ seed, plan, left: open.filter((id) => !isMine || id.startsWith('mm-')) }).toEqual({ seed, plan, left: [] });
  return { verified: true };
}

const lostIn: Fault = async (request, pass, random) => {
  const dice = random.uniform();
  if (dice < 0.3) throw new Error('lost before the exchange');
  if (dice < 0.5) return THROTTLED;
  if (dice < 0.6 && isCancel(pathOf(request))) return json({ retCode: 0, retMsg: 'OK', result: { success: '1', orderId: 'x' }, time: 1 });
  const answer = await pass();
  if (dice < 0.9) throw new Error('lost after the exchange');
  return { ...answer, body: answer.body.slice(0, answer.body.length / 2) };
};

function damage(row: Row, random: Random): unknown {
  switch (randomInt(random, 6)) {
    case 0:
      return { ...row, side: 'None' };
    case 1:
      return { ...row, qty: '1e-3', price: null };
    case 2:
      return without(row, 'orderId');
    case 3:
      return { ...row, symbol: 7, createdTime: 'soon' };
    case 4:
      return null;
    default:
      return without(row, 'orderLinkId');
  }
}
