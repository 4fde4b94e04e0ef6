import { grouped } from '../text/format.ts';
import type { CampaignReport, EdgeFigures, SetupFigures, Survival } from './campaign-report.ts';
import { bpsText, countsText, failingText, rivalsOf, seedsOf } from './words.ts';

/** Below this the interval of a setup that trades little has the truth in clearly less than 95 of 100 campaigns. */
const FEW_SEEDS = 20;
const FEW_TEXT = 'With so few seeds intervals are often too narrow';

/** Which setup is best and how sure that is, in one sentence. */
export function campaignLead(report: CampaignReport): string {
  if (report.survival !== null) return survivalLead(report.survival);
  const { setups, confirmation } = report;
  const [best] = setups;
  if (best === undefined) return 'no setup has a result';
  if (best.netBps === null) return 'no setup traded';
  const confirmed = confirmation.find(({ name }) => name === best.name);
  const unseen = confirmed === undefined ? ', not confirmed' : `, ${confirmedText(confirmed)}`;
  const isOnly = setups.length === 1;
  const verb = isOnly ? (isLoss(best) ? 'loses' : 'earns') : isLoss(best) ? 'is best, and loses' : 'is best';
  const edge = `${bpsText(best.netBps, best.intervalBps)} on ${seedsOf(best, false)}`;
  return `${best.name} ${verb}: ${edge}${unseen}${isOnly ? '' : `; ${rivalsText(report)}`}${isOpen(best) ? '. Whether it earns anything is open' : ''}${gatesText(best)}${best.tradedSeeds < FEW_SEEDS ? `. ${FEW_TEXT}` : ''}`;
}

function confirmedText(figures: EdgeFigures): string {
  const { netBps, intervalBps, seeds, tradedSeeds } = figures;
  const edge = netBps === null ? 'no trade' : bpsText(netBps, intervalBps).replace(' bps', '');
  return `${edge} on ${grouped(seeds)} unseen ${seeds === 1 ? 'one' : 'ones'}${tradedSeeds < seeds ? `, ${grouped(tradedSeeds)} with fills` : ''}`;
}

function rivalsText(report: CampaignReport): string {
  const [rivals, others] = [rivalsOf(report), report.setups.length - 1];
  if (others === 1) return rivals === 1 ? 'the other one may be as good' : 'the other one is not as good';
  return `${rivals === 0 ? 'none' : rivals === others ? 'all' : grouped(rivals)} of the ${grouped(others)} others may be as good`;
}

/** What a soak would say of its runs. */
function gatesText(setup: SetupFigures): string {
  const { runs, gates } = setup.gateFailures;
  if (runs === 0) return '';
  return `. But ${runs === setup.runs ? 'all its runs fail' : `${failingText(setup)} runs of it fail`} a gate: ${countsText(gates)}`;
}

/** Only what is sure is called a loss. */
function isLoss({ intervalBps }: EdgeFigures): boolean {
  return intervalBps !== null && intervalBps[1] < 0;
}

function isOpen({ intervalBps }: EdgeFigures): boolean {
  return intervalBps === null || (intervalBps[0] <= 0 && intervalBps[1] >= 0);
}

function survivalLead(survival: readonly Survival[]): string {
  const [runs, survived] = (['runs', 'survived'] as const).map((key) => survival.reduce((total, each) => total + each[key], 0));
  return `${grouped(survived ?? 0)} of ${grouped(runs ?? 0)} runs survived: they kept every invariant, and every gate that they could be judged by`;
}
