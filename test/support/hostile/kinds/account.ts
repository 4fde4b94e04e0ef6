import { objectIn, parseJson, listIn } from '../../../../src/util/json.ts';
import { pause } from '../hostility.ts';
import type { Kind, Tools } from '../kind.ts';

/** Others on the account, and what comes by itself. */
const MOST = 25;

function next(tools: Tools): number {
  const count = Number(tools.memory.get('count') ?? 0) + 1;
  tools.memory.set('count', count);
  return count;
}

async function rest(tools: Tools, prefix: string): Promise<void> {
  const count = next(tools);
  if (count > MOST) return;
  await tools.hand.place({ orderLinkId: `${prefix}${count}`, side: count % 2 === 0 ? 'Buy' : 'Sell' });
}

const act = (
  name: string,
  does: string,
  everyMs: readonly [number, number],
  deal: Extract<Kind, { deals: 'act' }>['deal'],
  more: Partial<Kind> = {},
): Kind => ({ name, group: 'account', does, ...more, deals: 'act', everyMs, deal });

export const ACCOUNT: readonly Kind[] = [
  act('second-writer', 'another bot rests orders with mmbot’s prefix', [300, 1500], (tools) => rest(tools, 'mm-other9-')),
  act('earlier-run', 'one order of an earlier run lands late', [600, 3000], async (tools) => {
    if (next(tools) === 1) await tools.hand.place({ orderLinkId: 'mm-before-7', side: 'Buy' });
  }),
  act('person-orders', 'a person rests orders', [500, 3000], (tools) => rest(tools, 'web-')),
  act('person-cancels', 'a person rests orders and takes them back', [500, 2000], async (tools) => {
    const count = next(tools);
    if (count > MOST) return;
    await tools.hand.place({ orderLinkId: `app-${count}`, side: 'Buy' });
    await tools.hand.cancel(`app-${count}`);
  }),
  act('person-trades', 'a person buys and sells', [1500, 5000], async (tools) => {
    const count = next(tools);
    if (count <= 8) await tools.hand.place({ orderLinkId: `web-t${count}`, side: count % 3 === 0 ? 'Sell' : 'Buy', takes: true });
  }),
  {
    name: 'funding-silent',
    group: 'account',
    does: 'no stream tells of funding',
    deals: 'frame',
    rates: [1],
    at: ({ topic, text }) => topic === 'execution' && text.includes('"Funding"'),
    deal: () => undefined,
  },
  {
    name: 'funding-late',
    group: 'account',
    does: 'funding is listed 8 s late, and no stream tells of it',
    deals: 'answer',
    rates: [1],
    at: ({ path }) => path === 'v5/execution/list',
    deal: (answer, { clock }) => {
      const isOld = (row: unknown): boolean =>
        objectIn(row)['execType'] !== 'Funding' || Number(objectIn(row)['execTime']) < clock.now() - 8000;
      const result = objectIn(answer['result']);
      return { ...answer, result: { ...result, list: listIn(result['list']).filter(isOld) } };
    },
  },
  {
    name: 'fees-refused',
    group: 'account',
    does: 'fee rates are refused or absurd',
    deals: 'call',
    rates: [0.3],
    at: ({ path }) => path === 'v5/account/fee-rate',
    deal: async (pass) => {
      const response = await pass();
      return { ...response, body: JSON.stringify({ ...objectIn(parseJson(response.body)), retCode: 10_005, retMsg: 'Permission denied' }) };
    },
  },
  {
    name: 'fees-slow',
    group: 'instruments',
    does: 'fee rates take up to 1.4 s, also while an instrument changes',
    deals: 'call',
    at: ({ path }) => path === 'v5/account/fee-rate',
    deal: async (pass, tools) => {
      await pause(tools, 300, 1400);
      return pass();
    },
  },
];
