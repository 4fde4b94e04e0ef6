import sliceAnsi from 'slice-ansi';
import type { TextSink } from '../../host.ts';
import { executable, oneLine, own } from '../../util/terminal-text.ts';

/** A few lines at the end of the terminal that renew themselves in place, with log lines running above them. */
export interface Screen {
  /** The view as it is now, from its top; what does not fit into the terminal is cut. Does nothing in a pipe. */
  show(lines: readonly string[]): void;
  /** Whole lines that stay, above the view. */
  write(text: string): void;
  /** Takes the view away. */
  end(): void;
}

export function openScreen(sink: TextSink): Screen {
  return sink.isTerminal ? new TerminalScreen(sink) : { show: () => undefined, write: (text) => sink.write(text), end: () => undefined };
}

const ESC = '\u001B[';
const CLEAR_LINE_END = own(`${ESC}K`);
const CLEAR_BELOW = own(`${ESC}J`);
const CLEAR_ALL = own(`${ESC}H${ESC}2J`);
/** Terminals that know these show a frame at once; the others ignore them. */
const BEGIN_FRAME = own(`${ESC}?2026h`);
const END_FRAME = own(`${ESC}?2026l`);

/** Between frames the cursor rests below the view: even after `kill -9` the shell's prompt finds a clean place. */
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

  /** A terminal of another size has wrapped the old lines anew, or not: nobody can tell where they begin, so all is wiped. */
  #toStart(columns: number, rows: number): string {
    const isResized = this.#drawn.length > 0 && (columns !== this.#columns || rows !== this.#rows);
    this.#columns = columns;
    this.#rows = rows;
    if (isResized) return CLEAR_ALL;
    // The terminal may have echoed a key, Ctrl-C say, where the cursor rests.
    return this.#drawn.length === 0 ? '' : own(`${ESC}G${ESC}${this.#drawn.length}A`);
  }
}

/** By what is seen: styles take no room, and what would break the picture is shown as an escape. */
function fitting(line: string, columns: number): string {
  return own(sliceAnsi(executable(oneLine(line)), 0, columns));
}
