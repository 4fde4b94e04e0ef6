import { InvalidArgumentError } from 'commander';
import { usageError, type MmbotError } from '../../errors.ts';
import { LINEAR_COINS } from '../../exchange/bybit/settle-coins.ts';
import { CATEGORIES, type CancelPort, type CancelScope, type Category } from '../../exchange/cancel-port.ts';

const SEE_HELP = { hint: 'mmbot cancel-all --help' };

export interface ScopeChoice {
  readonly category?: readonly Category[];
  readonly symbols?: readonly string[];
  readonly settleCoin?: string;
}

/** All categories by default, linear contracts by settle coin because Bybit requires one. Throws a usage error. */
export function scopesOf({ category = CATEGORIES, symbols, settleCoin }: ScopeChoice): readonly CancelScope[] {
  if (settleCoin !== undefined && symbols !== undefined) throw usageError('use either --symbols or --settle-coin, not both', SEE_HELP);
  if (settleCoin !== undefined && category !== CATEGORIES && category.includes('spot'))
    throw usageError('--settle-coin applies to contracts: it cannot be used with --category spot', SEE_HELP);
  if (symbols !== undefined)
    return symbols.flatMap((symbol) =>
      (category === CATEGORIES ? categoriesOf(symbol) : category).map((name) => ({ category: name, symbol })),
    );
  if (settleCoin !== undefined) {
    const contracts = category === CATEGORIES ? (['linear'] as const) : category;
    return contracts.map((name) => ({ category: name, settleCoin }));
  }
  return category.flatMap((name): CancelScope[] => {
    if (name !== 'linear') return [{ category: name }];
    return LINEAR_COINS.map((coin) => ({ category: 'linear', settleCoin: coin }));
  });
}

/** Parser for commander: the value of `--category`. */
export function parseCategories(text: string): readonly Category[] {
  return text.split(',').map((word) => {
    const category = CATEGORIES.find((known) => known === word.trim());
    if (category === undefined) throw new InvalidArgumentError(`Expected some of ${CATEGORIES.join(', ')}, was '${word}'.`);
    return category;
  });
}

/** Parser for commander: a coin. */
export function parseCoin(text: string): string {
  if (!/^[A-Z0-9]{2,20}$/.test(text)) throw new InvalidArgumentError(`Expected a coin like USDT in upper case, was '${text}'.`);
  return text;
}

/** A given symbol or coin that none of the chosen categories has. */
export interface MissingName {
  readonly name: string;
  /** False for a coin. */
  readonly isSymbol: boolean;
  readonly categories: readonly Category[];
  /** The exchange lists other instruments there; without any, the list itself may be broken. */
  readonly isSaid: boolean;
}

/** Given symbols and coins that no category lists. If the instruments of a category cannot be read, none of its names counts as missing. */
export async function missingNames(scopes: readonly CancelScope[], port: Pick<CancelPort, 'presenceOf'>): Promise<readonly MissingName[]> {
  const answers = await Promise.all(scopes.map(async (scope) => ({ scope, presence: await port.presenceOf(scope) })));
  return [...new Set(scopes.map(nameOf))].flatMap((name) => {
    const ofIt = answers.filter(({ scope }) => nameOf(scope) === name);
    const isMissing = ofIt.every(({ presence }) => presence === 'unlisted' || presence === 'nothing_listed');
    if (!isMissing) return [];
    const isSymbol = ofIt.some(({ scope }) => scope.symbol !== undefined);
    const isSaid = ofIt.some(({ presence }) => presence === 'unlisted');
    return [{ name, isSymbol, categories: ofIt.map(({ scope }) => scope.category), isSaid }];
  });
}

export function nameOf({ category, symbol, settleCoin }: CancelScope): string {
  return symbol ?? settleCoin ?? category;
}

/** The error for names that do not exist: finding no open order for them proves nothing. */
export function unknownScope(missing: readonly MissingName[]): MmbotError {
  const named = missing
    .map(({ name, isSymbol, categories }) => `${isSymbol ? 'symbol' : 'settle coin'} ${name} in ${categories.join(', ')}`)
    .join('; ');
  return usageError(`the exchange has no ${named}, so finding no open order there proves nothing`, {
    code: 'unknown_scope',
    hint: 'check the spelling (BTCUSDT, BTCPERP, USDC) and the --category; omit --symbols and --settle-coin to cover everything',
  });
}

/** Categories that a symbol may belong to, without --category. */
function categoriesOf(symbol: string): readonly Category[] {
  return /-[CP](-[A-Z]+)?$/.test(symbol) ? ['option'] : ['linear', 'spot'];
}
