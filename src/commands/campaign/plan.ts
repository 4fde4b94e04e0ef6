import { resolve } from 'node:path';
import type { Sources } from '../../config/load.ts';
import { messageOf, usageError } from '../../errors.ts';
import { expectationIn, namesIn, type Expectation } from '../../harness/campaign/expectation.ts';
import type { CampaignPlan } from '../../harness/campaign/plan.ts';
import { didYouMean } from '../../config/suggest.ts';
import type { Host } from '../../host.ts';
import type { FeeRates } from '../../model/instrument.ts';
import { readText } from '../../store/files.ts';
import { counted } from '../../util/counted.ts';
import type { CampaignInput } from './input.ts';
import { expectSymbolsTraded, keyOfAssignment } from '../options/options.ts';
import { readPlan } from './plan-file.ts';
import { HARSH_SCENARIO, PLAIN_SCENARIO, scenariosOf } from './scenarios.ts';
import { parseSeeds, unseenSeeds } from './seeds.ts';
import type { PlanNote } from './plan-note.ts';
import { setupsOf, type Setups } from './setups.ts';
import { axesOf } from './vary.ts';

const SEEDS = parseSeeds('20');
const DURATION_MS = 1_200_000;
const FINALISTS = 3;
/** With fewer setups a race saves little. */
const RACES_FROM = 3;
/** Seeds of a round of a race. */
const BLOCK = 5;

const MOST_RUNS = 200_000;

export interface PreparedPlan {
  readonly plan: CampaignPlan;
  readonly expectations: readonly Expectation[];
  /** What is to be known before the first run, and stops nothing. */
  readonly notes: readonly PlanNote[];
}

const ONE_MARKET: PlanNote = {
  event: 'one_market',
  fields: { meaning: 'a recording is the same market with every seed: one seed, no interval' },
};

export interface PlanParts {
  readonly aim: CampaignPlan['aim'];
  readonly build: string;
  readonly file: string | undefined;
  readonly typed: CampaignInput;
  readonly shared: Pick<Sources, 'overrides' | 'typed'>;
  /** Of setups without fees of their own. */
  readonly fees: FeeRates;
}

/** The plan of the command line on top of a plan file. Throws a usage error before anything is started. */
export async function planOf(host: Host, { aim, build, file, typed, shared, fees }: PlanParts): Promise<PreparedPlan> {
  const given = merged(file === undefined ? {} : planIn(host, file), typed);
  const { duration: durationMs = DURATION_MS, finalists = FINALISTS } = given;
  const compares = aim === 'compare';
  const axes = axesOf(given.vary ?? []);
  const inputs = given.setups ?? [{}];
  if (axes.length === 0 && given.points !== undefined)
    throw usageError('points: expected settings to vary with them, because they are chosen among their values (--vary)', {
      code: 'points_of_nothing',
    });
  const worlds = given.scenarios ?? [aim === 'survive' ? HARSH_SCENARIO : PLAIN_SCENARIO];
  const { scenarios, notes } = await scenariosOf(host, worlds, durationMs);
  const symbols = scenarios.map((scenario) => scenario.symbols);
  const set = [...shared.typed.assignments, ...inputs.flatMap((input) => input.set ?? [])].map(keyOfAssignment);
  expectSymbolsTraded([...set, ...axes.map(({ key }) => key)], [...new Set(symbols.flat())]);
  const ofSetups = { inputs, axes, varied: given.vary ?? [], points: given.points, shared, fees, symbols };
  const { setups, combinations, leftOut, conflicts } = setupsOf(host, ofSetups);
  if (compares) refuseOneLeft(setups.length, combinations, leftOut);
  const expectations = questionsOf(
    given.expect ?? [],
    setups.map(({ name }) => name),
    leftOut,
  );
  if (!compares && expectations.length > 0)
    throw usageError('--survive compares nothing, so it answers no question: expected no expect', { code: 'survive_expect' });
  const isOneMarket = compares && scenarios.every(({ recording, faults }) => recording !== null && faults === 'none');
  const seeds = isOneMarket ? (given.seeds ?? SEEDS).slice(0, 1) : (given.seeds ?? SEEDS);
  const isRace = compares && !isOneMarket && (given.race ?? setups.length >= RACES_FROM);
  const confirm = compares && !isOneMarket ? (given.confirm ?? (setups.length < 2 ? 0 : Math.ceil(seeds.length / 2))) : 0;
  const plan: CampaignPlan = {
    aim,
    build,
    setups,
    scenarios,
    axes,
    combinations,
    leftOut,
    seeds,
    confirmationSeeds: unseenSeeds(confirm, seeds),
    finalists,
    asked: [...new Set(expectations.flatMap(namesIn))],
    block: isRace ? BLOCK : undefined,
    durationMs,
  };
  refuseTooMany(plan);
  return { plan, expectations, notes: [...(isOneMarket ? [ONE_MARKET] : []), ...notes, ...conflictNotes(conflicts)] };
}

/** Each kind of conflict once: of a grid hundreds of setups may have the same. */
function conflictNotes(conflicts: Setups['conflicts']): PlanNote[] {
  return [...new Set(conflicts.map(({ code }) => code))].flatMap((code) => {
    const [first, ...others] = conflicts.filter((conflict) => conflict.code === code);
    if (first === undefined) return [];
    const { text, change, setup } = first;
    const also = others.length === 0 ? {} : { others: counted(others.length, 'setup') };
    return [{ event: 'settings_conflict', fields: { code, setup, ...also, meaning: text, try: change } }];
  });
}

/** All of them are in memory. Throws a usage error. */
function refuseTooMany({ setups, scenarios, seeds, confirmationSeeds }: CampaignPlan): void {
  const runs = setups.length * scenarios.length * (seeds.length + confirmationSeeds.length);
  if (runs <= MOST_RUNS) return;
  throw usageError(
    `expected at most ${MOST_RUNS} runs, was ${runs}: ${setups.length} setups, ${scenarios.length} scenarios, ${seeds.length} seeds`,
    {
      code: 'too_many_runs',
      hint: 'take fewer seeds, or fewer setups with --points',
    },
  );
}

/** A comparison of which one setup is left is a mistake. */
function refuseOneLeft(setups: number, combinations: number, [first]: CampaignPlan['leftOut']): void {
  if (setups > 1 || combinations < 2) return;
  const why = first === undefined ? '' : ` (${first.name}: ${first.because})`;
  throw usageError(`expected at least two setups, but of ${combinations} combinations one is left${why}`, {
    code: 'nothing_to_compare',
    hint:
      first === undefined ? 'ask for more points' : 'vary other values: mmbot config-explain --set KEY=VALUE says why one is not allowed',
  });
}

/** What is not given on the command line comes from the file. */
function merged(file: CampaignInput, typed: CampaignInput): CampaignInput {
  return { ...file, ...Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined)) };
}

function planIn(host: Host, file: string): CampaignInput {
  let content: string | undefined;
  try {
    content = readText(resolve(host.cwd, file));
  } catch (cause) {
    throw usageError(`--plan: ${file} could not be read: ${messageOf(cause)}`, { code: 'plan_unreadable', cause });
  }
  if (content === undefined) throw usageError(`--plan: expected a file that exists, was ${file}`, { code: 'plan_missing' });
  return readPlan(content, file);
}

function questionsOf(texts: readonly string[], names: readonly string[], leftOut: CampaignPlan['leftOut']): Expectation[] {
  return texts.map((text) => {
    const question = expectationIn(text);
    if (question === undefined)
      throw usageError(`expect: expected a question like "net > 0" or "s1 > conservative", was '${text}'`, { code: 'expect_invalid' });
    const unknown = namesIn(question).find((name) => !names.includes(name));
    if (unknown === undefined) return question;
    const because = leftOut.find(({ name }) => name === unknown)?.because;
    throw usageError(`--expect: there is no setup '${unknown}'${because === undefined ? didYouMean(unknown, names) : `: ${because}`}`, {
      code: 'expect_unknown',
      hint: `the setups are ${names.slice(0, 12).join(', ')}${names.length > 12 ? ` and ${names.length - 12} more` : ''}`,
    });
  });
}
