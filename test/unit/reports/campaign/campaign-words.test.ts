import { describe, expect, test } from 'vitest';
import { campaignHtml } from '../../../../src/reports/campaign/campaign-html.ts';
import { campaignMarkdown } from '../../../../src/reports/campaign/campaign-markdown.ts';
import type { CampaignReport } from '../../../../src/reports/campaign/campaign-report.ts';
import { brokenExample, campaignExample, survivalExample } from '../../../support/builders/campaign-example.ts';

const pageOf = (report: CampaignReport): string => plain(campaignHtml(report, () => undefined));

/** Of the page, each cell and sentence on a line. */
function plain(html: string): string {
  const text = html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replaceAll(/<(?:wbr|\/?(?:small|span|a|b|code|strong)\b[^>]*)>/g, '')
    .replaceAll(/<[^>]*>/g, '\n');
  return text.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

function tableOf(report: CampaignReport, title: string): string[][] {
  const part = campaignMarkdown(report).split(`## ${title}\n`)[1]?.split('\n\n## ')[0] ?? '';
  return part
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '));
}

const leftOut = Array.from({ length: 12 }, (_, i) => ({ name: `s1/levels=${i}`, because: 'levels: expected less' }));
const example = campaignExample();
const idle: CampaignReport = {
  ...example,
  verdict: 'INCONCLUSIVE',
  expectations: [],
  setups: example.setups.map((setup) => ({ ...setup, turnoverUsd: 0, netBps: null })),
};

describe('Markdown and the page have the same words', () => {
  test.each([
    ['Campaign', { ...example, origin: { ...example.origin, leftOut } }],
    ['Questions', brokenExample()],
    ['Survival', survivalExample()],
    ['Gates that are judged', survivalExample()],
    ['Broken and lost runs', brokenExample()],
  ])('in %s', (title, report) => {
    const lines = pageOf(report).split('\n');
    const [, ...rows] = tableOf(report, title);
    expect(rows.length).toBeGreaterThan(0);
    for (const cell of rows.flat()) expect(lines).toContain(cell);
  });

  test('of how each setup did', () => {
    const [, ...rows] = tableOf(example, 'Setups, best first');
    expect(rows.map((row) => row[4])).toContain('worse, round 1');
    for (const row of rows) for (const cell of [row[0], row[4]]) expect(pageOf(example)).toContain(cell);
  });

  test.each([
    ['nothing was asked', { ...example, verdict: 'PASS' as const, expectations: [] }, 'runs kept every invariant; no question was asked'],
    ['an answer', example, 'best > 0: '],
    ['an answer is no', brokenExample(), 's1/baseSpreadBps=4 > 0: no: -1.90 bps [-2.60, -1.20] on 8 seeds'],
    ['a run broke', brokenExample(), '1 broken run: '],
    ['a run is lost', brokenExample(), '1 lost run: '],
    ['a run did not survive', survivalExample(), '2 did not survive: '],
    ['no setup had fills', idle, 'No setup had fills: nothing was compared.'],
  ])('of the reason: %s', (_, report, words) => {
    expect(campaignMarkdown(report)).toContain(words);
    const shown = pageOf(report).replaceAll(/\s+/g, ' ');
    for (const part of words.split(/: (?=[a-z]|$)/)) expect(shown).toContain(part.trim());
  });
});
