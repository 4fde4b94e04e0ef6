import { join } from 'node:path';
import { EXIT, MmbotError } from '../errors.ts';
import { assert } from '../util/assert.ts';
import { isThere, readOwnText } from './files.ts';
import { renameFile, writeOnce, writeWhole } from './whole-files.ts';

export interface ResultsOptions<T> {
  /** The result with this text, or why it is none of the run with this id. */
  readonly read: (text: string, id: string) => { readonly result: T } | { readonly wrong: string };
  /** Called with the path of a file that is no result of its run, where it was moved, and why. */
  readonly onDamaged: (path: string, aside: string, wrong: string) => void;
}

/** The results of runs in a folder, a file for each, by the id of the run. A result is written once, because it cannot change. */
export class RunResults<T> {
  readonly #folder: string;
  readonly #options: ResultsOptions<T>;

  constructor(folder: string, options: ResultsOptions<T>) {
    this.#folder = folder;
    this.#options = options;
  }

  /** The result of a run. Undefined when it is not there, or damaged: then it is moved aside, and the run has to be made again. */
  find(id: string): T | undefined {
    const path = this.#pathOf(id, 'json');
    const text = readOwnText(path);
    if (text === undefined) return undefined;
    const read = this.#options.read(text, id);
    if ('result' in read) return read.result;
    this.#moveAside(path, read.wrong);
    return undefined;
  }

  /** Path of the report of a run, whether or not it is there. */
  pagePath(id: string): string {
    return this.#pathOf(id, 'html');
  }

  hasPage(id: string): boolean {
    return isThere(this.pagePath(id));
  }

  /**
   * Keeps the result of a run, and its report if there is one. A crash of the machine may lose a result, but leaves no part of one. Throws
   * MmbotError: exit 70 when it is no result of this run, or differs from the one that is there; exit 2 when it cannot be written.
   */
  add(id: string, text: string, page: string | null): T {
    const read = this.#options.read(text, id);
    if ('wrong' in read) throw impossible('result_invalid', `run ${id}: ${read.wrong}; it was ${text.slice(0, 200)}`);
    // First, so that a run with a result has its report too.
    if (page !== null) writeWhole(this.pagePath(id), page);
    const path = this.#pathOf(id, 'json');
    if (!writeOnce(path, text) && this.find(id) === undefined) writeOnce(path, text);
    if (readOwnText(path) !== text) throw this.#differing(id, text);
    return read.result;
  }

  #moveAside(path: string, wrong: string): void {
    const aside = `${path}.damaged`;
    renameFile(path, aside);
    this.#options.onDamaged(path, aside, wrong);
  }

  /** The other result is kept too, to find out why. */
  #differing(id: string, text: string): MmbotError {
    const [path, other] = [this.#pathOf(id, 'json'), this.#pathOf(id, 'other.json')];
    writeWhole(other, text);
    return impossible('results_differ', `${path} and ${other}: the same run had two results, expected the same bytes`);
  }

  #pathOf(id: string, ending: string): string {
    assert(/^[\w-]+$/.test(id), `the id of a run is ${id}`);
    return join(this.#folder, `${id}.${ending}`);
  }
}

function impossible(code: string, message: string): MmbotError {
  const hint = 'this is a bug in mmbot, or of a machine that computes wrongly: please report it with these files and the version of Node';
  return new MmbotError({ code, exitCode: EXIT.bug, message, hint });
}
