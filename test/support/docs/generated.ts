import { Command, type Option } from 'commander';
import { campaignCommand } from '../../../src/commands/campaign/campaign.ts';
import { cancelAllCommand } from '../../../src/commands/cancel-all/cancel-all.ts';
import { completionCommand } from '../../../src/commands/completion.ts';
import { configExplainCommand } from '../../../src/commands/config-explain.ts';
import { BYBIT_API_SNIPPET, CCXT_SNIPPET } from '../../../src/commands/exchange/help.ts';
import { exchangeCommand } from '../../../src/commands/exchange/exchange.ts';
import { liveCommand } from '../../../src/commands/live/live.ts';
import { loadTestCommand } from '../../../src/commands/load-test/load-test.ts';
import { addSharedOptions } from '../../../src/commands/options/options.ts';
import { reportCommand } from '../../../src/commands/report/report.ts';
import { soakCommand } from '../../../src/commands/soak/soak.ts';
import { testSummaryCommand } from '../../../src/commands/test-summary/test-summary.ts';
import { marketFactsCommand } from '../../../src/commands/market-facts.ts';
import { workerCommand } from '../../../src/commands/worker.ts';
import { KEYS, SECTIONS } from '../../../src/config/fields.ts';
import { SYMBOL_KEYS, SYMBOL_SECTIONS } from '../../../src/config/keys.ts';
import { RULES } from '../../../src/harness/invariants/table.ts';
import type { Ppm } from '../../../src/model/units.ts';
import type { Host } from '../../../src/host.ts';
import { feeText } from '../../../src/commands/options/fee-options.ts';
import { FEE_TIERS } from '../../../src/simulator/fee-rates.ts';
import { FAULTS } from '../../../src/simulator/faults/fault-table.ts';
import { MARKET_MODEL_NAMES, knobsOf } from '../../../src/simulator/market-model/markets.ts';
import { COUNTERS, GAUGES, HISTOGRAMS } from '../../../src/telemetry/metric-table.ts';
import { testHost } from '../program/test-host.ts';

export const COMMANDS: Readonly<Record<string, (host: Host) => Command>> = {
  soak: soakCommand,
  campaign: campaignCommand,
  live: liveCommand,
  report: reportCommand,
  'cancel-all': cancelAllCommand,
  'load-test': loadTestCommand,
  'config-explain': configExplainCommand,
  'test-summary': testSummaryCommand,
  exchange: exchangeCommand,
  'market-facts': marketFactsCommand,
  worker: workerCommand,
  completion: (host) => completionCommand(host, () => Promise.resolve([])),
};

/** Parts of the documents that follow from the source, by the name in their mark. */
const PARTS: Readonly<Record<string, () => string>> = {
  configuration: configurationTables,
  'shared options': () => optionTable(sharedOptions()),
  faults: faultTable,
  invariants: invariantTable,
  markets: marketTable,
  'fee tiers': feeTable,
  metrics: metricTable,
  'ccxt snippet': () => fenced('js', CCXT_SNIPPET),
  'bybit-api snippet': () => fenced('js', BYBIT_API_SNIPPET),
  ...Object.fromEntries(Object.entries(COMMANDS).map(([name, command]) => [`options of ${name}`, () => optionTable(ownOptions(command))])),
};

const PART = /<!-- generated: ([^\n]*) -->\n.*?<!-- end -->/gs;

/** A document whose generated parts say what the source says now. */
export function withParts(text: string): string {
  return text.replace(PART, (_, name: string) => {
    const part = PARTS[name];
    if (part === undefined) throw new Error(`no part is called '${name}': ${Object.keys(PARTS).join(', ')}`);
    return `<!-- generated: ${name} -->\n${part().trim()}\n<!-- end -->`;
  });
}

function configurationTables(): string {
  return SECTIONS.map((section) => {
    const rows = KEYS.filter((key) => key.section === section).map(({ key, field }) => {
      const flag = field.flag === undefined ? '' : ` Flag \`${field.flag}\`.`;
      const isOneForAll = SYMBOL_SECTIONS.includes(section) && !SYMBOL_KEYS.some((own) => own.key === key);
      return [
        `\`${key}\``,
        String(field.default),
        field.expected,
        `${field.doc}${flag}${isOneForAll ? ' One value for all symbols.' : ''}`,
      ];
    });
    return `### ${section}\n\n${table(['key', 'default', 'accepted', 'meaning'], rows)}\n`;
  }).join('\n');
}

function sharedOptions(): readonly Option[] {
  return addSharedOptions(new Command()).options;
}

function ownOptions(command: (host: Host) => Command): readonly Option[] {
  const shared = new Map(sharedOptions().map(({ long, description }) => [long, description]));
  return command(testHost()).options.filter(({ long, description }) => shared.get(long) !== description);
}

function invariantTable(): string {
  const rows = RULES.map(({ id, name, meaning, sources, when, only }) => {
    return [id, name, meaning, sources.join(', '), only === undefined ? when : `${when}, ${only}`];
  });
  return table(['', 'invariant', 'meaning', 'by', 'looked at'], rows);
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map(({ flags, description, argChoices, defaultValueDescription, defaultValue, negate, hidden }) => {
    const choices = argChoices === undefined ? '' : ` One of ${argChoices.join(', ')}.`;
    const preset = defaultValueDescription ?? (negate || defaultValue === undefined ? '' : String(defaultValue));
    const use = hidden ? 'Internal, used by mmbot itself: ' : '';
    return [`\`${flags}\``, preset, `${use}${description.replace(/\.$/, '')}.${choices}`];
  });
  return table(['option', 'default', 'meaning'], rows);
}

function faultTable(): string {
  const rows = FAULTS.map(({ name, group, set, what }) => [`\`${name}\``, group, set, what]);
  return table(['fault', 'group', 'set', 'what happens'], rows);
}

function feeTable(): string {
  const text = (fee: Ppm | undefined): string => (fee === undefined ? '' : feeText(fee));
  return table(
    ['tier', 'maker', 'taker'],
    [...FEE_TIERS].map(([name, { maker, taker }]) => [`\`${name}\``, text(maker), text(taker)]),
  );
}

function marketTable(): string {
  const rows = MARKET_MODEL_NAMES.map((name) => {
    const { psi, phi, quietSigma, normalSigma, wildSigma, jumpsPerHour, flashesPerHour } = knobsOf(name);
    return [`\`${name}\``, ...[psi, phi, `${quietSigma} / ${normalSigma} / ${wildSigma}`, jumpsPerHour, flashesPerHour].map(String)];
  });
  return table(['market', 'psi', 'phi', 'sigma quiet / normal / wild, bps per √s', 'jumps an hour', 'flashes an hour'], rows);
}

function metricTable(): string {
  const kinds = { counter: COUNTERS, gauge: GAUGES, histogram: HISTOGRAMS };
  const rows = Object.entries(kinds).flatMap(([kind, metrics]) =>
    Object.entries<{ readonly help: string; readonly labels: Readonly<Record<string, unknown>> }>(metrics).map(
      ([name, { help, labels }]) => [`\`${name}\``, kind, Object.keys(labels).join(', '), help],
    ),
  );
  return table(['metric', 'kind', 'labels', 'what it is'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

function fenced(language: string, code: string): string {
  return `\`\`\`${language}\n${code}\`\`\``;
}
