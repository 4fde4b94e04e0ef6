import type { StandingKind } from '../../../harness/soak/order-trails.ts';
import { duration, fixed, signed } from '../../text/format.ts';
import type { FillFigures, WhyFigures } from './fill-figures.ts';

/** A fill in one sentence. `symbol`: whether to name it. */
export function fillSentence(fill: FillFigures, symbol: boolean): string {
  return [boughtText(fill, symbol), marketText(fill), whyText(fill)].filter((text) => text !== '').join('; ');
}

function boughtText({ side, price, quantity, symbol, level, queueMs, maker }: FillFigures, isNamed: boolean): string {
  const what = `${side === 'buy' ? 'bought' : 'sold'} ${quantity}${isNamed ? ` ${symbol}` : ''} at ${priceText(price)}`;
  const where = level === null ? '' : ` (level ${level + 1})`;
  return `${what}${where}${maker ? '' : ' as taker'}${queueMs === null ? '' : `, ${timeText(queueMs)} in queue`}`;
}

/** How the mid moved until the last markout. */
function marketText({ price, side, mid, markout1sBps, markout10sBps, markout60sBps, resultAfterMs }: FillFigures): string {
  const markout = markout60sBps ?? markout10sBps ?? markout1sBps;
  if (markout === null || resultAfterMs === null) return '';
  const within = `within ${resultAfterMs / 1000} s`;
  if (mid === null) return `markout ${signed(markout, 1)} bps ${within}`;
  const later = price * (1 + ((side === 'buy' ? 1 : -1) * markout) / 10_000);
  const moveBps = (later / mid - 1) * 10_000;
  return `mid ${moveBps < 0 ? 'fell' : 'rose'} ${fixed(Math.abs(moveBps), 1)} bps ${within}`;
}

function whyText({ why, side }: FillFigures): string {
  const { fromFairBps, ageMs, guard } = why;
  const isBelow = (side === 'buy') === (fromFairBps ?? 0) >= 0;
  const distance = fromFairBps === null ? '' : ` ${fixed(Math.abs(fromFairBps), 1)} bps ${isBelow ? 'below' : 'above'} fair`;
  const quoted = ageMs === null ? [] : [`quoted${distance} ${timeText(ageMs)} before${guard === null ? '' : ` at ${guard}`}`];
  return [...quoted, ...(why.standing === 'quoted' ? [] : [standingText(why)])].join(', ');
}

const STANDINGS: Readonly<Record<StandingKind, (code: string) => string>> = {
  quoted: () => 'as quoted',
  moving: () => 'move was on its way',
  canceling: (code) => `cancel was on its way${code === '' ? '' : ` (${code})`}`,
  postponed: (code) => `move waited for ${code === 'opsPerSecond' ? 'execution' : 'quoting'}.${code}`,
  denied: (code) => `move was denied by ${code}`,
  held: (code) => `held by ${code}`,
  unknown: () => 'not known any more, or not an order of this run',
};

/** What was happening to the order of a fill. */
export function standingText({ standing, code }: Pick<WhyFigures, 'standing' | 'code'>): string {
  return STANDINGS[standing](code);
}

function timeText(ms: number): string {
  if (ms < 1000) return `${fixed(ms, 0)} ms`;
  return ms < 60_000 ? `${fixed(ms / 1000, 1)} s` : duration(ms);
}

/** All digits, with the whole part in groups. */
function priceText(price: number): string {
  const [whole = '', part] = String(price).split('.');
  return `${Number(whole).toLocaleString('en-US')}${part === undefined ? '' : `.${part}`}`;
}
