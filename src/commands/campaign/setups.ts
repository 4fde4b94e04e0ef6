import { InvalidArgumentError } from 'commander';
import { basename, extname } from 'node:path';
import { KEYS, type Key } from '../../config/fields.ts';
import { keyNamed, keyOfSymbol, partsOf, SYMBOL_KEYS } from '../../config/keys.ts';
import { load, type Sources } from '../../config/load.ts';
import { configWarnings, type ConfigWarning } from '../../config/warnings.ts';
import type { Resolution } from '../../config/resolve.ts';
import { shown } from '../../config/layers.ts';
import { messageOf, MmbotError, usageError } from '../../errors.ts';
import { BEST, canBeAsked } from '../../harness/campaign/expectation.ts';
import type { CampaignPlan, Setup } from '../../harness/campaign/plan.ts';
import type { FeeChoice } from '../../harness/campaign/run-spec.ts';
import type { Host } from '../../host.ts';
import type { FeeRates } from '../../model/instrument.ts';
import { PPM_PER_BPS } from '../../model/units.ts';
import { VIP0 } from '../../simulator/fee-rates.ts';
import { fullGrid, gridSize, spread, type Axis, type Settings } from '../../statistics/search-space.ts';
import { shellWord } from '../../util/shell-word.ts';
import { FEE_KEYS, isFeeKey } from '../options/fee-options.ts';
import type { SetupInput, VaryInput } from './input.ts';

/** Of a larger grid this many setups are tried, unless told otherwise. */
const MOST_OF_GRID = 100;
const SOBOL_POINTS = 64;

export interface SetupParts {
  readonly inputs: readonly SetupInput[];
  readonly axes: readonly Axis[];
  /** Where their values come from. */
  readonly varied: readonly VaryInput[];
  /** Number of setups of each profile; undefined: the full grid, or 64 of one that is large. */
  readonly points: number | undefined;
  /** Settings of every setup: `--overrides`, `--set` and flags. */
  readonly shared: Pick<Sources, 'overrides' | 'typed'>;
  /** Of setups without fees of their own. */
  readonly fees: FeeRates;
  /** Of each scenario. */
  readonly symbols: readonly (readonly string[])[];
}

export interface Setups {
  readonly setups: readonly Setup[];
  readonly combinations: number;
  readonly leftOut: CampaignPlan['leftOut'];
  /** Settings of a setup that defeat each other. */
  readonly conflicts: readonly (ConfigWarning & { readonly setup: string })[];
}

interface Allowed {
  readonly setup: Setup;
  readonly conflicts: readonly ConfigWarning[];
}

interface Refused {
  readonly name: string;
  readonly error: MmbotError;
}

/** The setups to compare: each profile with each combination of the varied keys. Throws a usage error when none is allowed. */
export function setupsOf(host: Host, { inputs, axes, varied: from, points, shared, fees, symbols }: SetupParts): Setups {
  const size = gridSize(axes);
  const wanted = points ?? (size > MOST_OF_GRID ? SOBOL_POINTS : size);
  const grid = axes.length === 0 || wanted >= size ? fullGrid(axes) : spread(axes, wanted);
  const bases = namedBases(inputs, axes, fees);
  const tried = bases.flatMap((base) => triedOf(host, base, grid, { from, shared, symbols }));
  const allowed = tried.flatMap((each) => ('error' in each ? [] : [each]));
  const refused = tried.flatMap((each) => ('error' in each ? [each] : []));
  const [first] = refused;
  if (first !== undefined && allowed.length === 0) throw first.error;
  const { setups, same } = merged(
    allowed.map(({ setup }) => setup),
    symbols.flat(),
  );
  const conflicts = allowed
    .filter(({ setup }) => setups.includes(setup))
    .flatMap((each) => each.conflicts.map((conflict) => ({ ...conflict, setup: each.setup.name })));
  const leftOut = [...refused.map(({ name, error }) => ({ name, because: reasonIn(error) })), ...same];
  return { setups, combinations: bases.length * size, leftOut, conflicts };
}

/** Setups that make the same trades would fill the places of the finalists: of those with the same settings and fees the first stays. */
function merged(
  all: readonly Setup[],
  traded: readonly string[],
): { readonly setups: readonly Setup[]; readonly same: CampaignPlan['leftOut'] } {
  const firsts = new Map<string, Setup>();
  for (const setup of all.toReversed()) firsts.set(contentOf(setup, traded), setup);
  const firstOf = (setup: Setup): Setup => firsts.get(contentOf(setup, traded)) ?? setup;
  return {
    setups: all.filter((setup) => firstOf(setup) === setup),
    same: all
      .filter((setup) => firstOf(setup) !== setup)
      .map((setup) => ({ name: setup.name, because: `it is the same as ${firstOf(setup).name}` })),
  };
}

/** What the traded symbols are traded with, and what counts over all of them. */
function contentOf({ settings, fees }: Setup, traded: readonly string[]): string {
  const common = (key: Key): string => settings[key.key] ?? String(key.field.default);
  const overAll = KEYS.filter((key) => !SYMBOL_KEYS.includes(key)).map(common);
  const bySymbol = [...new Set(traded)].map((symbol) => SYMBOL_KEYS.map((key) => settings[keyOfSymbol(symbol, key).key] ?? common(key)));
  return JSON.stringify([overAll, bySymbol, fees]);
}

interface Base {
  readonly input: SetupInput;
  /** Its name without varied keys. */
  readonly base: string;
  /** Unless they are varied. */
  readonly fees: FeeRates;
}

function namedBases(inputs: readonly SetupInput[], axes: readonly Axis[], shared: FeeRates): Base[] {
  const bases = inputs.map((input) => {
    const base = input.name ?? plainName(input.profile);
    return { input, base, fees: feesOf(input, base, axes, shared) };
  });
  const odd = bases.find(({ base }) => !canBeAsked(base));
  if (odd !== undefined)
    throw usageError(
      `expected a name that a question can ask about, was ${shown(odd.base)}: no number, no < or >, and not "${BEST}", which is the best setup`,
      {
        code: 'setup_name',
        hint: 'in a plan file, give it another name: `name: my-setup`',
      },
    );
  const twice = bases.find(({ base }, i) => bases.some((other, j) => j < i && other.base === base));
  if (twice === undefined) return bases;
  throw usageError(`expected setups with different names, two are called ${twice.base}`, {
    code: 'setup_twice',
    hint: 'in a plan file, give one of them another name: `name: my-setup`',
  });
}

function plainName(profile: string | undefined): string {
  return profile === undefined ? 'defaults' : basename(profile, extname(profile));
}

/** Settings beside those of a profile. */
interface Others {
  readonly from: readonly VaryInput[];
  readonly shared: SetupParts['shared'];
  readonly symbols: SetupParts['symbols'];
}

interface OneSetup extends Base, Others {
  readonly varied: Settings;
}

/** A profile that is not allowed with any of the varied values is left out; one that is not allowed by itself is a mistake. */
function triedOf(host: Host, base: Base, grid: readonly Settings[], others: Others): (Allowed | Refused)[] {
  const tried = grid.map((varied) => setupOrRefusal(host, { ...base, ...others, varied }));
  if (tried.every((each) => 'error' in each)) setupOf(host, { ...base, ...others, from: [], varied: {} });
  return tried;
}

/** Values that are allowed one by one may not be together, such as a SOFT level above HARD: of a grid only those are left out. */
function setupOrRefusal(host: Host, one: OneSetup): Allowed | Refused {
  try {
    return setupOf(host, one);
  } catch (error) {
    if (error instanceof MmbotError) return { name: nameOf(one.base, one.varied), error };
    throw error;
  }
}

/** The problems without the heading of an error. */
function reasonIn({ message }: MmbotError): string {
  return message
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .join('; ');
}

function setupOf(host: Host, { input, base, varied, from, shared, symbols, fees: ownFees }: OneSetup): Allowed {
  const ofSettings = from.filter(({ key }) => !isFeeKey(key));
  const others = [
    ...(input.set ?? []).map((assignment) => ({ assignment, source: `set of ${base}` })),
    ...ofSettings.map(({ key, source }) => ({ assignment: `${key}=${varied[key]}`, source })),
  ];
  const { overrides, typed } = shared;
  const sources: Sources = { profile: input.profile, overrides, typed: { ...typed, others }, traded: symbols.flat() };
  const resolution = load(host, sources);
  const { settings, origins } = writtenSettings(resolution, varied);
  const fees = feeChoice(varied, ownFees);
  const setup = {
    name: nameOf(base, varied),
    base,
    profile: input.profile ?? 'defaults',
    varied,
    settings,
    sources: origins,
    fees,
    options: [...optionsOf(input, sources), ...feeWords(fees)],
  };
  const makerFeeBps = (fees?.makerPpm ?? VIP0.maker) / PPM_PER_BPS;
  const ofEach = symbols.flatMap((traded) =>
    configWarnings(
      resolution.settings,
      traded.map((symbol) => ({ symbol, makerFeeBps })),
    ),
  );
  return { setup, conflicts: [...new Map(ofEach.map((warning) => [`${warning.code} ${warning.text}`, warning])).values()] };
}

/** Throws a usage error. */
function feesOf(input: SetupInput, setup: string, axes: readonly Axis[], shared: FeeRates): FeeRates {
  const twice = axes.find(({ key }) => isFeeKey(key) && input[key] !== undefined);
  if (twice !== undefined) throw usageError(`setup ${setup}: ${twice.key} is varied, expected none of its own`, { code: 'fee_varied' });
  try {
    return ratesOf(input, shared);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw usageError(`setup ${setup}: ${messageOf(error)}`, { code: 'fee_invalid' });
  }
}

function ratesOf({ makerFee, takerFee }: Pick<SetupInput, keyof typeof FEE_KEYS>, others: FeeRates): FeeRates {
  return {
    maker: makerFee === undefined ? others.maker : FEE_KEYS.makerFee(makerFee),
    taker: takerFee === undefined ? others.taker : FEE_KEYS.takerFee(takerFee),
  };
}

/** Null: those of the embedded exchange. */
function feeChoice(varied: Settings, own: FeeRates): FeeChoice | null {
  const [makerFee, takerFee] = [varied['makerFee'], varied['takerFee']].map((value) => (value === undefined ? undefined : String(value)));
  const { maker, taker } = ratesOf({ makerFee, takerFee }, own);
  return maker === VIP0.maker && taker === VIP0.taker ? null : { makerPpm: maker, takerPpm: taker };
}

function feeWords(fees: FeeChoice | null): string[] {
  return fees === null ? [] : ['--maker-fee', `${fees.makerPpm / PPM_PER_BPS}bps`, '--taker-fee', `${fees.takerPpm / PPM_PER_BPS}bps`];
}

/** Settings that differ from the defaults, those of single symbols, and those that are varied, as text, and where they come from. */
function writtenSettings({ explain }: Resolution, varied: Settings): Record<'settings' | 'origins', Record<string, string>> {
  const changed = explain.filter(({ key, winner, field }) => isOfSymbol(key) || winner.value !== field.default || key in varied);
  return {
    settings: Object.fromEntries(changed.map(({ key, winner }) => [key, String(winner.value)])),
    origins: Object.fromEntries(changed.map(({ key, winner }) => [key, winner.source])),
  };
}

/** `s1/baseSpreadBps=4,levels=2`: a key without its section, unless two varied keys have that name. */
function nameOf(base: string, varied: Settings): string {
  const keys = Object.keys(varied);
  const short = keys.map(shortName);
  const named = keys.map((key, i) => `${short.filter((name) => name === short[i]).length > 1 ? key : short[i]}=${varied[key]}`);
  return named.length === 0 ? base : `${base}/${named.join(',')}`;
}

/** `baseSpreadBps`, `ETHUSDT:baseSpreadBps` */
function shortName(key: string): string {
  const { symbol } = partsOf(key);
  const name = keyNamed(key)?.name ?? key;
  return symbol === undefined ? name : `${symbol}:${name}`;
}

function isOfSymbol(key: string): boolean {
  return partsOf(key).symbol !== undefined;
}

function optionsOf({ profile }: SetupInput, { overrides, typed }: Sources): string[] {
  return [
    ...(profile === undefined ? [] : ['--profile', shellWord(profile)]),
    ...(overrides === undefined ? [] : ['--overrides', shellWord(overrides)]),
    ...typed.flags.flatMap(({ flag, text }) => [flag, shellWord(text)]),
    ...[...typed.assignments, ...(typed.others ?? []).map(({ assignment }) => assignment)].flatMap((assignment) => [
      '--set',
      shellWord(assignment),
    ]),
  ];
}
