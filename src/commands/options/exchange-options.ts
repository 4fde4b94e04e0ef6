import { InvalidArgumentError, Option } from 'commander';
import { atoms, ATOMS_SCALE, type Atoms } from '../../model/units.ts';
import { DEFAULT_LATENCY, NO_LATENCY, steadyLatency, type Latency } from '../../simulator/bybit-api/latency.ts';
import { LIMIT_MODES } from '../../simulator/limits/rate-tiers.ts';
import { compare, decimal, parseDecimal, unitsAt } from '../../util/decimal.ts';

const LATENCY = /^(\d+(?:\.\d+)?)ms(?:,(\d+(?:\.\d+)?)(?:ms)?)?$/;
const MOST_LATENCY_MS = 10_000;
const MOST_DEPOSIT = decimal('10000000');

/** A latency with its text on the command line. */
export interface NamedLatency {
  readonly name: string;
  readonly latency: Latency;
}

const REALISTIC: NamedLatency = { name: 'realistic', latency: DEFAULT_LATENCY };

export function latencyOption(): Option {
  return new Option(
    '--latency <delay>',
    'latency of the embedded exchange: none, realistic, or one way: 20ms, or 20ms,5 with 5 ms of jitter',
  )
    .argParser(parseLatency)
    .default(REALISTIC, REALISTIC.name);
}

/** `note`: the default, if it depends on other options. */
export function limitsOption(note = ''): Option {
  const about = `rate limits of the embedded exchange: those of this VIP, professional or market-maker level${note}`;
  return new Option('--limits <level>', about).choices(LIMIT_MODES);
}

/** Parser for commander: `none`, `realistic`, `20ms` or `20ms,5`. */
function parseLatency(text: string): NamedLatency {
  if (text === REALISTIC.name) return REALISTIC;
  if (text === 'none') return { name: text, latency: NO_LATENCY };
  const [, median = '', jitter = '0'] = LATENCY.exec(text) ?? [];
  const [medianMs, jitterMs] = [Number(median), Number(jitter)];
  if (median !== '' && medianMs <= MOST_LATENCY_MS && jitterMs <= MOST_LATENCY_MS)
    return { name: text, latency: steadyLatency(medianMs, jitterMs) };
  throw new InvalidArgumentError(`Expected none, realistic, or a one-way latency like 20ms or 20ms,5 (5 ms of jitter), was '${text}'.`);
}

/** Parser for commander: an amount of USDT with at most eight decimals. */
export function parseDeposit(text: string): Atoms {
  const value = parseDecimal(text);
  const isFit = value !== undefined && value.scale <= ATOMS_SCALE && value.units > 0n && compare(value, MOST_DEPOSIT) <= 0;
  if (isFit) return atoms(Number(unitsAt(value, ATOMS_SCALE)));
  throw new InvalidArgumentError(`Expected an amount of USDT above 0 and up to 10000000, was '${text}'.`);
}
