import xterm, { type IBufferLine } from '@xterm/headless';

/** Lines that nothing may break: commands to copy, and words that are longer than a line. */
const WHOLE = /^(Repeat| *(hint: )?(\w+=\S+ )*(mmbot|npx) |\s*\S+$)/;

/**
 * What a terminal of this width makes of a text that does not fit: each line that the terminal itself has broken, and each line of a box that
 * is not as wide as the first.
 */
export async function misfits(text: string, columns: number): Promise<string[]> {
  const device = new xterm.Terminal({ cols: columns, rows: 50, convertEol: true, allowProposedApi: true, scrollback: 10_000 });
  await new Promise<void>((resolve) => device.write(text, resolve));
  const { active } = device.buffer;
  const lines = Array.from({ length: active.length }, (_, i) => active.getLine(i)).filter((line) => line !== undefined);
  return [...brokenLines(lines).filter((line) => !WHOLE.test(line)), ...unevenLines(lines)];
}

function brokenLines(lines: readonly IBufferLine[]): string[] {
  const broken = new Map<number, string>();
  let start = 0;
  for (const [i, line] of lines.entries()) {
    if (line.isWrapped) broken.set(start, (broken.get(start) ?? textOf(lines[start])) + textOf(line));
    else start = i;
  }
  return [...broken.values()];
}

function unevenLines(lines: readonly IBufferLine[]): string[] {
  let width = 0;
  const uneven = lines.filter((line) => {
    const text = textOf(line);
    if (text.startsWith('┌')) width = cellsOf(line);
    return /^[┌│├└]/.test(text) && cellsOf(line) !== width;
  });
  return uneven.map(textOf);
}

function textOf(line: IBufferLine | undefined): string {
  return line?.translateToString(true) ?? '';
}

/** Columns up to the last character. */
function cellsOf(line: IBufferLine): number {
  let cells = line.length;
  while (cells > 0 && line.getCell(cells - 1)?.getChars() === '') cells -= 1;
  return cells;
}
