import { createHash } from 'node:crypto';
import { KEYS, type Key } from '../../config/fields.ts';
import { keyOfSymbol, partsOf } from '../../config/keys.ts';
import { shown } from '../../config/layers.ts';
import { PPM_PER_BPS } from '../../model/units.ts';
import { counted } from '../../util/counted.ts';
import { campaignLead } from './campaign-lead.ts';
import type { CampaignReport } from './campaign-report.ts';

/** How every such file begins. */
const WRITTEN_BY = '# Written by a campaign of mmbot';
const CHECKSUM = /^# Checksum of the other lines: ([0-9a-f]{16})\n/m;

/** Whether a campaign wrote this file and nobody changed it since: only such a file is written over. */
export function isUnchanged(text: string): boolean {
  return text.startsWith(WRITTEN_BY) && CHECKSUM.exec(text)?.[1] === checksumOf(text.replace(CHECKSUM, ''));
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** The best setup as a profile, with comments on where it comes from; undefined when no setup traded. */
export function bestProfile(report: CampaignReport): string | undefined {
  const [best] = report.setups;
  if (best === undefined || best.netBps === null) return undefined;
  const { origin } = report;
  const comments = [
    `Written by a campaign of mmbot ${origin.version}, of ${counted(origin.tried, 'setup')}:`,
    `${campaignLead(report)}.`,
    `Markets: ${origin.scenarios.map(({ name }) => name).join('; ')}, ${Number((origin.durationMs / 60_000).toFixed(2))} min a run. A simulated market is not the real one.`,
    ...(best.fees === null
      ? []
      : [`Fees of the setup: maker ${best.fees.makerPpm / PPM_PER_BPS} bps, taker ${best.fees.takerPpm / PPM_PER_BPS} bps.`]),
    `Repeat: ${origin.repeat}`,
  ];
  // A line break in a name or a path must not end the comment.
  const lines = comments.map((line) => `# ${line.replace(/[^\x20-\x7e\xa0-\u024f–×]/g, (part) => shown(part).slice(1, -1))}\n`).join('');
  const settings = settingsYaml(best.settings);
  return `${lines}# Checksum of the other lines: ${checksumOf(lines + settings)}\n${settings}`;
}

function settingsYaml(settings: Readonly<Record<string, string>>): string {
  const symbols = new Set(Object.keys(settings).flatMap((key) => partsOf(key).symbol ?? []));
  const own = [...symbols].map((symbol) => `  ${symbol}:\n${sectionsYaml('    ', (key) => settings[keyOfSymbol(symbol, key).key])}`);
  const common = sectionsYaml('', ({ key }) => settings[key]);
  if (common === '' && own.length === 0) return '# Every setting has its default.\nquoting: {}\n';
  return `${common}${own.length === 0 ? '' : `symbols:\n${own.join('')}`}`;
}

/** Each section with the keys that have a value; '' when none has. */
function sectionsYaml(indent: string, valueOf: (key: Key) => string | undefined): string {
  const changed = KEYS.filter((key) => valueOf(key) !== undefined);
  return [...new Set(changed.map(({ section }) => section))]
    .map((section) => {
      const lines = changed.filter((key) => key.section === section).map((key) => `${indent}  ${key.name}: ${valueOf(key)}\n`);
      return `${indent}${section}:\n${lines.join('')}`;
    })
    .join('');
}
