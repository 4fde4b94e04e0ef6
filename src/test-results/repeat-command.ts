/** The command that runs one test alone, for the runners whose syntax is known. */

/** `titles`: outermost first, joined by spaces; undefined for all tests of the file. */
export function vitestCommand(file: string, titles: string | undefined): string {
  return `npx vitest run ${quoted(file)}${only(titles)}`;
}

export function jestCommand(file: string, titles: string | undefined): string {
  return `npx jest ${quoted(file)}${only(titles)}`;
}

/** `node`: a pytest node id such as `tests/test_sum.py::TestSum::test_adds`. */
export function pytestCommand(node: string): string {
  return `pytest ${quoted(node)}`;
}

export function goCommand(goPackage: string, test: string): string {
  const levels = test.split('/').map(pattern);
  return `go test ${quoted(goPackage)} -run ${quoted(levels.join('/'))}`;
}

function only(titles: string | undefined): string {
  return titles === undefined ? '' : ` -t ${quoted(pattern(titles))}`;
}

function pattern(title: string): string {
  return `^${title.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}$`;
}

function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
