import { InvalidArgumentError, Option, type Command } from 'commander';
import { usageError } from '../../errors.ts';
import type { FeeRates } from '../../model/instrument.ts';
import { ppm, PPM_PER_BPS, type Ppm } from '../../model/units.ts';
import { FEE_TIERS, VIP0 } from '../../simulator/fee-rates.ts';
import { decimal, multiply, parseDecimal, toNumber, type Decimal } from '../../util/decimal.ts';

export interface FeeChoice {
  readonly makerFee: Ppm;
  readonly takerFee: Ppm;
}

const FEE = /^(-?\d+(?:\.\d+)?) ?(%|bps)$/;
const PPM_PER_UNIT = { '%': decimal('10000'), bps: decimal('100') } as const;
const MOST_PPM = 10_000;

/** `--maker-fee` and `--taker-fee` of a command with an embedded exchange. */
export function feeOptions(): readonly [maker: Option, taker: Option] {
  return [
    new Option(
      '--maker-fee <fee>',
      'maker fee of the embedded exchange for linear contracts: 0.02%, 2bps, or that of a tier such as vip3 or mm2; negative: a rebate',
    )
      .argParser(makerFeeIn)
      .default(VIP0.maker, '0.02%'),
    new Option('--taker-fee <fee>', 'its taker fee: 0.055%, 5.5bps, or that of a tier such as vip3')
      .argParser(takerFeeIn)
      .default(VIP0.taker, '0.055%'),
  ];
}

export function feesOf({ makerFee, takerFee }: FeeChoice): FeeRates {
  return { maker: makerFee, taker: takerFee };
}

/** An exchange outside this process charges what it has agreed with the account. Throws a usage error (exit 2). */
export function refuseFees(command: Command): void {
  const given = ['makerFee', 'takerFee'].some((name) => command.getOptionValueSource(name) === 'cli');
  if (!given) return;
  throw usageError('--maker-fee and --taker-fee are fees of the embedded exchange: another one charges those of the account', {
    code: 'no_embedded_fees',
    hint: 'leave them out: the bot reads its fees from the exchange; with --dry-run they apply, because fills are simulated',
  });
}

/** Parser for commander: `0.02%`, `-0.5bps` for a rebate, or `vip3`. */
function makerFeeIn(text: string): Ppm {
  return FEE_TIERS.get(text)?.maker ?? parseFee(text, -MOST_PPM);
}

/** Parser for commander. */
function takerFeeIn(text: string): Ppm {
  const tier = FEE_TIERS.get(text);
  if (tier !== undefined && tier.taker === undefined)
    throw new InvalidArgumentError(`A market maker pays the taker fee of its other tier: expected that one, such as vip5, was '${text}'.`);
  return tier?.taker ?? parseFee(text, 0);
}

/** Keys of fees where settings have keys too. */
export const FEE_KEYS = { makerFee: makerFeeIn, takerFee: takerFeeIn } as const;

export function isFeeKey(key: string): key is keyof typeof FEE_KEYS {
  return Object.hasOwn(FEE_KEYS, key);
}

/** As these options take it. */
export function feeText(fee: Ppm): string {
  return `${fee / PPM_PER_BPS}bps`;
}

/** `0.02%` or `2bps`. Without its unit the number would be ambiguous. */
function parseFee(text: string, least: number): Ppm {
  const [, number = '', unit = ''] = FEE.exec(text) ?? [];
  if (parseDecimal(text) !== undefined)
    throw new InvalidArgumentError(`Expected a unit, as in ${text}% (what Bybit's page of fees shows) or ${text}bps, was '${text}'.`);
  const value = parseDecimal(number);
  const rate = value !== undefined && isUnit(unit) ? wholeIn(multiply(value, PPM_PER_UNIT[unit])) : undefined;
  if (rate !== undefined && rate >= least && rate <= MOST_PPM) return ppm(rate);
  const range = least < 0 ? '-1% (a rebate) to 1%' : '0% to 1%';
  throw new InvalidArgumentError(
    `Expected a fee like 0.02% or 2bps, from ${range} in steps of 0.0001%, or a tier (${[...FEE_TIERS.keys()].join(', ')}), was '${text}'.`,
  );
}

function wholeIn(value: Decimal): number | undefined {
  const number = toNumber(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

function isUnit(text: string): text is keyof typeof PPM_PER_UNIT {
  return text in PPM_PER_UNIT;
}
