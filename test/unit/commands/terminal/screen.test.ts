import xterm from '@xterm/headless';
import { describe, expect, test } from 'vitest';
import { openScreen } from '../../../../src/commands/terminal/screen.ts';
import { own } from '../../../../src/util/terminal-text.ts';

/** A terminal as it stands on a desk, that a sink writes to. */
function terminal(cols: number, rows: number) {
  const device = new xterm.Terminal({ cols, rows, convertEol: true, allowProposedApi: true, scrollback: 200 });
  let writes = 0;
  const sink = {
    isTerminal: true,
    get columns() {
      return device.cols;
    },
    get rows() {
      return device.rows;
    },
    write: (text: string) => {
      writes += 1;
      device.write(text);
    },
  };
  /** All lines ever shown that were not taken away, without the empty ones at the end. */
  const lines = async (): Promise<string[]> => {
    await new Promise<void>((resolve) => device.write('', resolve));
    const { active } = device.buffer;
    const all = Array.from({ length: active.length }, (_, i) => active.getLine(i)?.translateToString(true) ?? '');
    return all.slice(0, all.findLastIndex((line) => line !== '') + 1);
  };
  return { device, screen: openScreen(sink), lines, writes: () => writes };
}

describe('a screen', () => {
  test('renews its lines in place', async () => {
    const { screen, lines } = terminal(40, 10);
    for (let i = 0; i < 30; i += 1) screen.show([`turn ${i}`, '', `position ${'x'.repeat(i % 7)}`]);
    expect(await lines()).toEqual(['turn 29', '', 'position x']);
  });

  test('lets log lines run above it, also past the top of the terminal', async () => {
    const { screen, lines } = terminal(40, 6);
    screen.write('before\n');
    for (let i = 0; i < 20; i += 1) {
      screen.show([`turn ${i}`, 'second']);
      screen.write(`log ${i}\nand more\n`);
    }
    const logged = Array.from({ length: 20 }, (_, i) => [`log ${i}`, 'and more']).flat();
    expect(await lines()).toEqual(['before', ...logged, 'turn 19', 'second']);
  });

  test('leaves nothing behind when it shrinks, and nothing at all at its end', async () => {
    const { device, screen, lines } = terminal(40, 10);
    screen.write('kept\n');
    screen.show(['one', 'two', 'three']);
    screen.show(['one']);
    expect(await lines()).toEqual(['kept', 'one']);
    screen.end();
    screen.write('result\n');
    expect(await lines()).toEqual(['kept', 'result']);
    expect(device.buffer.active.cursorX).toBe(0);
  });

  test('is whole again after the terminal has echoed a Ctrl-C', async () => {
    const { device, screen, lines } = terminal(40, 10);
    screen.show(['one', 'two']);
    await lines();
    device.write('^C');
    screen.write('log\n');
    expect(await lines()).toEqual(['log', 'one', 'two']);
    device.write('^C');
    screen.end();
    expect(await lines()).toEqual(['log']);
  });

  test('truncates by visible width, not by color codes or bytes', async () => {
    const { screen, lines } = terminal(10, 4);
    screen.show([own('\u001B[31m0123456789abc\u001B[39m'), '一二三四五六', 'third', 'fourth', 'fifth']);
    expect(await lines()).toEqual(['012345678', '一二三四五', 'third']);
  });

  test('shows what others wrote into a line, and executes none of it', async () => {
    const { screen, lines } = terminal(40, 10);
    screen.show(['\u001B[2J\u001B[31mred\nVERIFIED EMPTY', 'two']);
    screen.write('log\n');
    expect(await lines()).toEqual(['log', String.raw`\u001b[2J\u001b[31mred\u000aVERIFIED EMPTY`.slice(0, 39), 'two']);
  });

  test.each([
    [40, 10, 17, 10],
    [40, 10, 70, 10],
    [40, 10, 40, 4],
    [40, 4, 40, 12],
    [40, 10, 5, 3],
  ])('of %i × %i is whole again after a change to %i × %i', async (cols, rows, newCols, newRows) => {
    const { device, screen, lines } = terminal(cols, rows);
    const view = ['first line of it, which is quite long', 'second line of it, which is long too'];
    screen.show(view);
    await lines();
    device.resize(newCols, newRows);
    screen.show(view);
    screen.show(view.map((line) => line.toUpperCase()));
    const visible = (await lines()).slice(-2);
    expect(visible).toEqual(
      view.map((line) =>
        line
          .toUpperCase()
          .slice(0, newCols - 1)
          .trimEnd(),
      ),
    );
    const top = device.buffer.active.getLine(device.buffer.active.baseY)?.translateToString(true);
    expect(top).toBe(visible[0]);
  });

  test('writes nothing when nothing changed, and each frame at once', () => {
    const { screen, writes } = terminal(40, 10);
    screen.show(['same', 'lines']);
    screen.show(['same', 'lines']);
    screen.show(['other', 'lines']);
    expect(writes()).toBe(2);
  });

  test('is silent in a pipe, where log lines pass as they are', () => {
    let text = '';
    const screen = openScreen({ isTerminal: false, columns: 80, rows: 24, write: (more) => (text += more) });
    screen.show(['view']);
    screen.write('log\n');
    screen.end();
    expect(text).toBe('log\n');
  });
});
