import { Command } from 'commander';
import { expect, test } from 'vitest';
import { feeOptions, type FeeChoice } from '../../../../src/commands/options/fee-options.ts';

function feesIn(args: readonly string[]): FeeChoice {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const option of feeOptions()) command.addOption(option);
  return command.parse(args, { from: 'user' }).opts<FeeChoice>();
}

test('a fee is a percentage or basis points, in parts per million; the maker fee may be a rebate', () => {
  expect(feesIn([])).toEqual({ makerFee: 200, takerFee: 550 });
  expect(feesIn(['--maker-fee', '0.02%', '--taker-fee', '0.055%'])).toEqual({ makerFee: 200, takerFee: 550 });
  expect(feesIn(['--maker-fee', '2bps', '--taker-fee', '5.5 bps'])).toEqual({ makerFee: 200, takerFee: 550 });
  expect(feesIn(['--maker-fee', '-0.005%'])).toMatchObject({ makerFee: -50 });
  expect(feesIn(['--maker-fee=-0.25bps'])).toMatchObject({ makerFee: -25 });
  expect(feesIn(['--maker-fee', '0%', '--taker-fee', '0.02000%'])).toEqual({ makerFee: 0, takerFee: 200 });
});

test.each(['0.02', '2', '-0.005', '0'])('a number without a unit is refused, because it could be either: %s', (text) => {
  expect(() => feesIn(['--maker-fee', text])).toThrow(`Expected a unit, as in ${text}% (what Bybit's page of fees shows) or ${text}bps`);
});

test.each(['', '%', 'free', '2 %%', '1e-2%', '+0.02%', '0.00005%', '0.001bps', '1.1%', '-101bps', '2bp', '0x1%', `${'9'.repeat(400)}%`])(
  'what is no fee, too fine or too high is refused: %s',
  (text) => {
    expect(() => feesIn(['--maker-fee', text])).toThrow('from -1% (a rebate) to 1% in steps of 0.0001%');
  },
);

test('takers get no rebate', () => {
  expect(() => feesIn(['--taker-fee', '-0.01%'])).toThrow('from 0% to 1%');
});

test('a tier stands for its rates; a market maker pays the taker fee of another one', () => {
  expect(feesIn(['--maker-fee', 'vip3', '--taker-fee', 'vip3'])).toEqual({ makerFee: 140, takerFee: 350 });
  expect(feesIn(['--maker-fee', 'mm2', '--taker-fee', 'vip5'])).toEqual({ makerFee: -50, takerFee: 320 });
  expect(() => feesIn(['--taker-fee', 'mm2'])).toThrow('pays the taker fee of its other tier');
  expect(() => feesIn(['--maker-fee', 'vip9'])).toThrow('or a tier (vip0, vip1, ');
});
