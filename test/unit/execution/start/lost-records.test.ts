import { expect, test } from 'vitest';
import { lostRecords } from '../../../../src/execution/start/lost-records.ts';
import { LOAD_PREFIX, OWN_PREFIX } from '../../../../src/model/order.ts';
import { fillOf, newOrder } from '../../../support/builders/builders.ts';

const JOURNALED_TO = 100_000;
const NOW = 500_000;

/** The message of a start when there is one execution after the last record. */
function found(clientOrderId: string): Promise<string | undefined> {
  const fill = fillOf(newOrder({ clientOrderId }), 'f1', 1, { at: 200_000 });
  return lostRecords({ fills: () => Promise.resolve({ value: [fill], at: NOW }) }, [], JOURNALED_TO, NOW);
}

test('an execution of a bot that the journal does not know proves that it is not all there', async () => {
  expect(await found(`${OWN_PREFIX}abcdef-1`)).toContain('the journal ends before order mm-abcdef-1');
});

test('one of a load-test, or of somebody else, does not: no journal of a bot has it', async () => {
  expect(await found(`${LOAD_PREFIX}abcdef-1`)).toBeUndefined();
  expect(await found('theirs-1')).toBeUndefined();
});
