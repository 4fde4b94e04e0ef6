import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What people read, by its path in the clone. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'monitoring/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md') && existsSync(join(ROOT, path)));

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The folders of `src`, two levels deep, as `src/exchange/bybit`. */
export function sourceFolders(): readonly string[] {
  const entries = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  return entries.map(({ parentPath, name }) => relative(ROOT, join(parentPath, name))).filter((path) => path.split('/').length <= 3);
}

/** All of `src`. */
export function sourceText(): string {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files.map((name) => textOf(`src/${name}`)).join('\n');
}

/** A block of code. `info`: the words after the fence, of which the first is the language. */
export interface Block {
  readonly info: readonly string[];
  readonly code: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
}

const FENCED = /^```([^\n]*)\n(.*?)^```$/gms;

export function blocksOf(path: string): readonly Block[] {
  const text = textOf(path);
  return [...text.matchAll(FENCED)].map(({ 1: info = '', 2: code = '', index }) => ({
    info: info.split(/\s+/),
    code,
    line: text.slice(0, index).split('\n').length + 1,
  }));
}

/** `exit=1,5`: a verdict about a market is not the same on every version. */
export function exitCodesOf(info: readonly string[]): readonly number[] {
  const word = info.find((candidate) => candidate.startsWith('exit='));
  return word === undefined ? [0] : word.slice('exit='.length).split(',').map(Number);
}

/** Every command line of mmbot's in a block for the shell, as words; with its place. */
export function commandLines(path: string): readonly { readonly place: string; readonly words: readonly string[] }[] {
  return blocksOf(path)
    .filter(({ info }) => info[0] === 'sh')
    .flatMap(({ code, line }) =>
      code.split('\n').flatMap((text, index) => mmbotCalls(text).map((words) => ({ place: `${path}:${line + index}`, words }))),
    );
}

const CALL = /(?:^|\s)(?:node bin\/mmbot\.js|mmbot)\s+((?:'[^']*'|[^|&;>#'])*?)(?=\s*(?:\d?>|[|&;#]|$))/g;

/** The arguments of each call of mmbot in one line of shell or help. */
export function mmbotCalls(line: string): readonly (readonly string[])[] {
  return [...line.matchAll(CALL)].map(([, args = '']) =>
    [...args.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''),
  );
}

/** Relative links of a document: what they name in the clone, and the heading they want. */
export function linksOf(path: string): readonly { readonly link: string; readonly file: string; readonly anchor: string | undefined }[] {
  const prose = textOf(path)
    .replace(FENCED, '')
    .replace(/`[^`\n]*`/g, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [file = '', anchor] = link.split('#');
      return { link, file: file === '' ? path : join(dirname(path), file), anchor };
    });
}

/** Headings as the names that links may use. */
export function anchorsOf(path: string): readonly string[] {
  return [
    ...textOf(path)
      .replace(FENCED, '')
      .matchAll(/^#+ (.*)$/gm),
  ].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}
