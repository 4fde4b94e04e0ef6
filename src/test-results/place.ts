import type { Place } from './test-run.ts';

/** `path.ext:12:5` or `path.ext:12`, in a stack of any language. */
const FRAME = /(?:file:\/\/)?([^\s():'"]+\.[A-Za-z]\w*):(\d+)(?::(\d+))?/g;

/** Place of a failure: the first stack frame in the test's own file, or else the first outside libraries. */
export function placeIn(stack: string, testFile: string, root: string): Place | undefined {
  const frames = [...stack.matchAll(FRAME)].map(([, path = '', line, column]) => ({
    file: underRoot(path, root),
    line: Number(line),
    column: column === undefined ? undefined : Number(column),
  }));
  const own = frames.filter(({ file }) => !file.includes('node_modules/') && !file.includes('site-packages/'));
  return own.find(({ file }) => testFile !== '' && (file === testFile || file.endsWith(`/${testFile}`))) ?? own[0];
}

/** Relative to `root` when it lies under it. */
export function underRoot(path: string, root: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}

/** The error message: the text before the stack trace, without terminal colors. */
export function firstWords(text: string): string {
  // Skips Jest's heading above the message of a file that could not be loaded.
  const lines = plain(text)
    .replace(/^\s*● Test suite failed to run\s*/, '')
    .split('\n');
  const end = lines.findIndex((line, i) => i > 0 && (/^\s*(at |❯)/.test(line) || line.trim() === ''));
  return (end === -1 ? lines : lines.slice(0, end)).join('\n').trim();
}

export function plain(text: string): string {
  // oxlint-disable-next-line eslint/no-control-regex -- the escape character itself is what is looked for
  return text.replace(/\u001B\[[0-9;]*[A-Za-z]/g, '');
}
