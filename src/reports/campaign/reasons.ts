import { counted } from '../../util/counted.ts';
import type { Failed } from '../html/headline.ts';
import { grouped } from '../text/format.ts';
import type { Answered, CampaignReport } from './campaign-report.ts';
import { bpsText, seedsText } from './words.ts';

/** What made the verdict, in one line: what failed, then the answers that are not no. */
export function reasonLine(report: CampaignReport): string {
  const failed = failedOf(report).map(({ name, measured }) => `${name}: ${measured}`);
  return [failed.join('; '), reasonOf(report)].filter((part) => part !== '').join('. ');
}

/** What failed: runs, then questions. */
export function failedOf(report: CampaignReport): readonly Failed[] {
  return [...brokenOf(report), ...noes(report)];
}

function brokenOf({ broken, lost, survival }: CampaignReport): readonly Failed[] {
  const [first] = broken;
  const [missing] = lost;
  return [
    ...(first === undefined
      ? []
      : [
          {
            name: survival === null ? counted(broken.length, 'broken run') : `${grouped(broken.length)} did not survive`,
            measured: first.what.join('; '),
            allowed: '',
          },
        ]),
    ...(missing === undefined ? [] : [{ name: counted(lost.length, 'lost run'), measured: missing.reason, allowed: '' }]),
  ];
}

function noes({ expectations }: CampaignReport): readonly Failed[] {
  return expectations
    .filter(({ answer }) => answer === 'no')
    .map((answered) => ({ name: answered.question, measured: `no: ${measuredText(answered)}`, allowed: '' }));
}

export function measuredText({ bps, intervalBps, on, seeds }: Answered): string {
  return bps === null ? 'not measured' : `${bpsText(bps, intervalBps)} on ${seedsText(seeds, on === 'confirmation')}`;
}

/** The answers that are not no: one in full, of several only which they are. */
export function reasonOf(report: CampaignReport): string {
  const { expectations } = report;
  const [only, ...more] = expectations.filter(({ answer }) => answer !== 'no');
  if (only === undefined) return expectations.length === 0 ? unaskedText(report) : '';
  if (more.length === 0) return `${only.question}: ${only.answer}, ${measuredText(only)}${needText(only)}.`;
  const those = (word: Answered['answer']): string[] => {
    const questions = expectations.filter(({ answer }) => answer === word).map(({ question }) => question);
    return questions.length === 0 ? [] : [`${word === 'yes' ? 'Yes' : 'Undecided'}: ${questions.join('; ')}.`];
  };
  return [...those('undecided'), ...those('yes')].join(' ');
}

function needText(answered: Answered): string {
  return answered.seedsNeeded === null ? '' : `; ${neededText(answered)} would decide it`;
}

/** `about 90 seeds`; empty when the question is decided, or when no number would do. */
export function neededText({ seedsNeeded, on }: Answered): string {
  if (seedsNeeded === null) return '';
  return `about ${grouped(seedsNeeded)} ${on === 'confirmation' ? `unseen seeds (--confirm ${seedsNeeded})` : 'seeds'}`;
}

function unaskedText({ survival, broken, lost, origin, setups }: CampaignReport): string {
  if (lost.length > 0) return 'The same command tries lost runs again.';
  if (broken.length > 0) return '';
  if (survival === null && setups.every(({ turnoverUsd }) => turnoverUsd === 0)) return 'No setup had fills: nothing was compared.';
  if (survival?.some(({ notJudged }) => notJudged.length > 0) === true)
    return 'Runs were too short to judge some gates: try a longer --duration.';
  const runs = origin.runs === 1 ? 'The run' : `All ${grouped(origin.runs)} runs`;
  return survival === null ? `${runs} kept every invariant; no question was asked (--expect).` : `${runs} survived.`;
}
