import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../../src/errors.ts';
import { main } from '../../../src/main.ts';
import { FAULTS } from '../../../src/simulator/faults/fault-table.ts';
import {
  anchorsOf,
  blocksOf,
  commandLines,
  DOCUMENTS,
  exitCodesOf,
  linksOf,
  mmbotCalls,
  ROOT,
  sourceFolders,
  sourceText,
  textOf,
} from '../../support/docs/documents.ts';
import { COMMANDS, withParts } from '../../support/docs/generated.ts';
import { alertRules } from '../../support/monitoring.ts';
import { testHost } from '../../support/program/test-host.ts';

describe.each(DOCUMENTS)('%s', (path) => {
  // `npm run docs` writes them.
  test('says in its generated parts what the source says', async () => {
    await expect(withParts(textOf(path))).toMatchFileSnapshot(join(ROOT, path));
  });

  test('links to files and headings that are there', () => {
    const broken = linksOf(path).filter(
      ({ file, anchor }) => !existsSync(join(ROOT, file)) || (anchor !== undefined && !anchorsOf(file).includes(anchor)),
    );
    expect(broken).toEqual([]);
  });

  test('shows commands that mmbot understands', async () => {
    const complaints = await Promise.all(
      commandLines(path).map(async ({ place, words }) => ({ place, complaint: await complaintAbout(words) })),
    );
    expect(complaints.filter(({ complaint }) => complaint !== undefined)).toEqual([]);
  });

  test('marks every shell block with how it is tested', () => {
    const codes: readonly number[] = Object.values(EXIT);
    const isKnown = (word: string): boolean => ['sh', 'no-run', 'slow', 'process-1'].includes(word) || /^exit=[\d,]+$/.test(word);
    const odd = blocksOf(path).filter(
      ({ info }) => info[0] === 'sh' && !(info.every(isKnown) && exitCodesOf(info).every((code) => codes.includes(code))),
    );
    expect(odd).toEqual([]);
  });
});

test.each(Object.keys(COMMANDS))('mmbot %s --help begins with examples, which are understood', async (name) => {
  const host = testHost({ argv: [name, '--help'] });
  await main(host);
  const calls = host.stdout.text.split('\n').flatMap((line) => (line.startsWith('  $ ') ? mmbotCalls(line) : []));
  expect(calls.length).toBeGreaterThan(0);
  expect(host.stdout.text).toMatch(new RegExp(String.raw`^Examples:\n {2}\$ (MM_\w+=1 )?mmbot ${name}\b`));
  await expect(Promise.all(calls.map(complaintAbout))).resolves.toEqual(calls.map(() => undefined));
});

test('the README lists every exit code', () => {
  const listed = [...textOf('README.md').matchAll(/^\| \**(\d+(?:, \d+)*)\** \|/gm)].flatMap(([, codes = '']) =>
    codes.split(', ').map(Number),
  );
  expect(listed).toEqual(Object.values(EXIT));
});

test('CONTRIBUTING lists the folders of src', () => {
  const tree = blocksOf('CONTRIBUTING.md').find(({ code }) => code.startsWith('src/'))?.code ?? '';
  let top = '';
  const listed = [...tree.matchAll(/^( {2}| {4})((?:[\w-]+\/ )+)/gm)].flatMap(([, indent = '', folders = '']) => {
    const names = folders.trim().split(' ');
    if (indent.length === 2) [top = ''] = names;
    return names.map((name) => `src/${indent.length === 2 ? '' : top}${name}`.replace(/\/$/, ''));
  });
  expect(listed.toSorted()).toEqual([...sourceFolders()].toSorted());
});

/** What mmbot says against a command line before it does anything; undefined when nothing. */
async function complaintAbout([name = '', ...args]: readonly string[]): Promise<string | undefined> {
  if (/^-|^help$/.test(name)) return undefined;
  const command: Command | undefined = COMMANDS[name]?.(testHost());
  if (command === undefined) return `there is no command '${name}'`;
  let complaint = '';
  command.exitOverride().configureOutput({ writeErr: (text) => (complaint += text), writeOut: () => undefined });
  command.action(() => undefined);
  return command.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    () => (complaint === '' ? undefined : complaint),
  );
}

test('the runbook has a section for each alert; faults are counted right', () => {
  expect(anchorsOf('docs/operations.md')).toEqual(expect.arrayContaining(alertRules().map(({ alert }) => alert.toLowerCase())));
  expect(textOf('README.md')).toContain(`${FAULTS.length} faults`);
  expect(textOf('docs/comparison.md')).toContain(`${FAULTS.length} kinds`);
});

/** `volatility_hard` is put together in the source: its parts are there. */
test('the documents name events, holds and codes that the source has', () => {
  const source = sourceText();
  const isKnown = (word: string): boolean =>
    source.includes(word) ||
    [...word.matchAll(/_/g)].some(({ index }) => source.includes(word.slice(0, index)) && source.includes(word.slice(index)));
  const words = DOCUMENTS.flatMap((path) => [...textOf(path).matchAll(/`([a-z]+(?:_[a-z0-9]+)+)`/g)].map(([, word = '']) => word));
  expect(words.length).toBeGreaterThan(10);
  expect(words.filter((word) => !isKnown(word))).toEqual([]);
});
