import sliceAnsi from 'slice-ansi';
import type { TextSink } from '../../host.ts';
import { executable, oneLine, own } from '../../util/terminal-text.ts';

/** A few lines at the bottom of the terminal that are redrawn in place, with log lines scrolling above them. */
export interface Screen {
  /** Draws the view; lines that do not fit into the terminal are cut. Does nothing in a pipe. */
  show(lines: readonly string[]): void;
  /** Prints complete lines above the view. */
  write(text: string): void;
  /** Removes the view. */
  end(): void;
}

export function openScreen(sink: TextSink): Screen {
  return sink.isTerminal ? new TerminalScreen(sink) : { show: () => undefined, write: (text) => sink.write(text), end: () => undefined };
}

const ESC = '\u001B[';
const CLEAR_LINE_END = own(`${ESC}K`);
const CLEAR_BELOW = own(`${ESC}J`);
const CLEAR_ALL = own(`${ESC}H${ESC}2J`);
/** Terminals that support these draw a frame without flicker; the others ignore them. */
const BEGIN_FRAME = own(`${ESC}?2026h`);
const END_FRAME = own(`${ESC}?2026l`);

/** Between frames the cursor is below the view, so that after `kill -9` the shell's prompt appears on a new line. */
class TerminalScreen implements Screen {
  readonly #sink: TextSink;
  #wanted: readonly string[] = [];
  #drawn: readonly string[] = [];
  #columns = 0;
  #rows = 0;

  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  show(lines: readonly string[]): void {
    this.#wanted = lines;
    this.#draw('');
  }

  write(text: string): void {
    if (this.#wanted.length === 0) this.#sink.write(text);
    else this.#draw(text);
  }

  end(): void {
    this.show([]);
  }

  #draw(above: string): void {
    const { columns, rows } = this.#sink;
    const start = this.#toStart(columns, rows);
    const lines = this.#wanted.slice(0, Math.max(1, rows - 1)).map((line) => fitting(line, Math.max(1, columns - 1)));
    if (above === '' && start !== CLEAR_ALL && lines.join('\n') === this.#drawn.join('\n')) return;
    const text = above.replaceAll('\n', `${CLEAR_LINE_END}\n`) + lines.map((line) => `${line}${CLEAR_LINE_END}\n`).join('');
    this.#sink.write(`${BEGIN_FRAME}${start}${text}${CLEAR_BELOW}${END_FRAME}`);
    this.#drawn = lines;
  }

  /** After a resize the position of the old lines is unknown, because terminals wrap them differently: the whole screen is cleared. */
  #toStart(columns: number, rows: number): string {
    const isResized = this.#drawn.length > 0 && (columns !== this.#columns || rows !== this.#rows);
    this.#columns = columns;
    this.#rows = rows;
    if (isResized) return CLEAR_ALL;
    // Moves to the first column too: the terminal may have echoed a key, such as ^C, at the cursor.
    return this.#drawn.length === 0 ? '' : own(`${ESC}G${ESC}${this.#drawn.length}A`);
  }
}

/** Cuts a line to `columns` visible characters: styles have no width, and control characters are shown as escapes. */
function fitting(line: string, columns: number): string {
  return own(sliceAnsi(executable(oneLine(line)), 0, columns));
}
