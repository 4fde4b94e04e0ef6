import { cosmiconfigSync } from 'cosmiconfig';
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../errors.ts';
import { NOTHING, readEnv, readTyped, shown, type Reading, type Typed } from './layers.ts';
import { parseFile } from './parse-file.ts';
import { resolve, type Resolution } from './resolve.ts';
import { didYouMean } from './suggest.ts';

/** Where settings may come from, besides the environment. */
export interface Sources {
  /** A name in a `profiles` folder (the working folder's, then the package's own), or a file. */
  readonly profile: string | undefined;
  /** The option that named the profile, for messages; `--profile` if it is not given. */
  readonly profileOption?: string;
  /** A file. */
  readonly overrides: string | undefined;
  readonly typed: Typed;
  /** The symbols of the run: settings of others need not fit together. Undefined: those of all have to. */
  readonly traded?: readonly string[] | undefined;
}

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const SUFFIXES = ['.yaml', '.yml', '.json'];
const MAX_BYTES = 65_536;
/** Where the working folder may have options of cosmiconfig as code. */
const CODE_PLACES = ['js', 'ts', 'cjs', 'mjs'].map((suffix) => join('.config', `config.${suffix}`));

/** Reads every layer and merges them. Throws one error with every problem of every layer, exit 2. */
export function load({ env, cwd }: Surroundings, { profile, profileOption = '--profile', overrides, typed, traded }: Sources): Resolution {
  const layers = {
    cli: readTyped(typed),
    env: readEnv(env),
    overrides: overrides === undefined ? NOTHING : readSettingsFile(resolvePath(cwd, overrides), cwd, '--overrides'),
    profile: profile === undefined ? NOTHING : readProfile(profile, cwd, profileOption),
  };
  return resolve(layers, traded);
}

function readProfile(profile: string, cwd: string, option: string): Reading {
  const isFile = /[\\/]/.test(profile) || SUFFIXES.includes(extname(profile));
  if (isFile) return readSettingsFile(resolvePath(cwd, profile), cwd, option);
  const path = profileFolders(cwd)
    .flatMap((folder) => SUFFIXES.map((suffix) => join(folder, profile + suffix)))
    .find((candidate) => statSync(candidate, { throwIfNoEntry: false }) !== undefined);
  if (path !== undefined) return readSettingsFile(path, cwd, option);
  const names = profileNames(cwd);
  return refused(option, `a file or one of ${names.join(', ')}`, profile, didYouMean(profile, names));
}

/** The names that `--profile` accepts when the program runs in `cwd`. */
export function profileNames(cwd: string): readonly string[] {
  return [...new Set(profileFolders(cwd).flatMap(profilesIn))].sort();
}

function profileFolders(cwd: string): readonly string[] {
  return [join(cwd, 'profiles'), join(packageFolder(), 'profiles')];
}

function profilesIn(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder)
    .filter((name) => SUFFIXES.includes(extname(name)))
    .map((name) => basename(name, extname(name)));
}

/** The root folder of the package, found from the source tree or from the bundle. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (statSync(join(folder, 'package.json'), { throwIfNoEntry: false }) === undefined && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

/** `option`: the option that named the file. */
function readSettingsFile(path: string, cwd: string, option: string): Reading {
  const name = nameFrom(cwd, path);
  if (!SUFFIXES.includes(extname(path))) return refused(option, `a file that ends in ${SUFFIXES.join(', ')}`, name);
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return refused(option, 'a file that exists', name);
    if (!stats.isFile()) return refused(option, 'a file', name);
    if (stats.size > MAX_BYTES) return refused(option, `a file of at most ${MAX_BYTES} bytes`, name);
    const explorer = explorerIn(cwd, name);
    if (explorer === undefined)
      return refused(option, `a working folder without ${CODE_PLACES.join(', ')}, which would be run as code`, name);
    const result = explorer.load(path);
    return result === null || result.isEmpty === true ? refused(option, 'a file with keys and values', name) : (result.config as Reading);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : messageOf(error).split('\n', 1).join('');
    return refused(option, `a readable file (${why})`, name);
  }
}

function refused(option: string, expected: string, was: string, suggestion = ''): Reading {
  return { entries: [], problems: [`${option}: expected ${expected}${suggestion}, was ${shown(was)} (from ${option})`] };
}

/** Relative inside the working folder, absolute elsewhere; both can be opened from there. */
function nameFrom(cwd: string, path: string): string {
  const name = relative(cwd, path);
  return name.startsWith('..') || isAbsolute(name) ? path : name;
}

/**
 * Loads only the given file, as data. cosmiconfig takes options of its own from the working folder, which have no effect here, but it would
 * run a file of them that is code. Undefined where there is one; throws when the others cannot be read.
 */
function explorerIn(cwd: string, name: string): ReturnType<typeof cosmiconfigSync> | undefined {
  if (CODE_PLACES.some((place) => statSync(join(cwd, place), { throwIfNoEntry: false }) !== undefined)) return undefined;
  const loader = (_path: string, content: string): Reading => parseFile(content, name);
  return cosmiconfigSync('mmbot', {
    searchPlaces: [],
    cache: false,
    loaders: Object.fromEntries(SUFFIXES.map((suffix) => [suffix, loader])),
  });
}
