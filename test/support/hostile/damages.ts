import { ACCOUNT } from './kinds/account.ts';
import { BODIES } from './kinds/bodies.ts';
import { FOREIGN_ROWS } from './kinds/foreign-rows.ts';
import { INSTRUMENTS } from './kinds/instruments.ts';
import { LISTS } from './kinds/lists.ts';
import { NETWORK } from './kinds/network.ts';
import { DAMAGED_ROWS } from './kinds/numbers.ts';
import { OPERATIONS } from './kinds/operations.ts';
import { CLOCKS, REFUSALS } from './kinds/refusals.ts';
import { STREAMS } from './kinds/streams.ts';
import type { Kind } from './kind.ts';

/** Every kind of damage that a hostile exchange deals. */
export const KINDS: readonly Kind[] = [
  ...NETWORK,
  ...BODIES,
  ...REFUSALS,
  ...CLOCKS,
  ...OPERATIONS,
  ...LISTS,
  ...FOREIGN_ROWS,
  ...DAMAGED_ROWS,
  ...INSTRUMENTS,
  ...STREAMS,
  ...ACCOUNT,
];

/** What `HOSTILE_KINDS` names: a list, or `none`, to find by hand which kinds a failing session needs. Undefined when it is not set. */
export function kindsNamed(list: string | undefined): readonly Kind[] | undefined {
  if (list === undefined || list === '') return undefined;
  const names = new Set(list.split(','));
  const unknown = [...names].filter((name) => name !== 'none' && !KINDS.some((kind) => kind.name === name));
  if (unknown.length > 0) throw new Error(`HOSTILE_KINDS: no kind is called ${unknown.join(', ')}`);
  return KINDS.filter(({ name }) => names.has(name));
}
