import { InvalidArgumentError } from 'commander';
import { EXIT, MmbotError } from '../../errors.ts';
import { CATEGORIES, type CancelPort, type CancelScope, type Category } from '../../exchange/cancel-port.ts';

export interface ScopeChoice {
  readonly category?: readonly Category[];
  readonly symbols?: readonly string[];
  readonly settleCoin?: string;
}

/** Everything by default: Bybit wants linear contracts named by their settle coin. Throws a usage error. */
export function scopesOf({ category = CATEGORIES, symbols, settleCoin }: ScopeChoice): readonly CancelScope[] {
  if (settleCoin !== undefined && symbols !== undefined) throw usage('--symbols and --settle-coin name two scopes: which one is meant?');
  if (settleCoin !== undefined && category !== CATEGORIES && category.includes('spot'))
    throw usage('--settle-coin is of contracts: expected no --category spot beside it');
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
    return ['USDT', 'USDC'].map((coin) => ({ category: 'linear', settleCoin: coin }));
  });
}

/** For commander. */
export function parseCategories(text: string): readonly Category[] {
  return text.split(',').map((word) => {
    const category = CATEGORIES.find((known) => known === word.trim());
    if (category === undefined) throw new InvalidArgumentError(`Expected some of ${CATEGORIES.join(', ')}, was '${word}'.`);
    return category;
  });
}

/** For commander. */
export function parseCoin(text: string): string {
  if (!/^[A-Z0-9]{2,20}$/.test(text)) throw new InvalidArgumentError(`Expected a coin like USDT in upper case, was '${text}'.`);
  return text;
}

/** A symbol or coin that was asked for, and that no category in question has. */
export interface MissingName {
  readonly name: string;
  /** Else a coin. */
  readonly isSymbol: boolean;
  readonly categories: readonly Category[];
  /** The exchange lists others there; without that an empty list may as well be one that is broken. */
  readonly isSaid: boolean;
}

/** A category whose instruments cannot be read may have the name: then it is not missing. */
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

/** That nothing rests under a name proves nothing where nothing can. */
export function unknownScope(missing: readonly MissingName[]): MmbotError {
  const named = missing
    .map(({ name, isSymbol, categories }) => `${isSymbol ? 'symbol' : 'settle coin'} ${name} in ${categories.join(', ')}`)
    .join('; ');
  return new MmbotError({
    code: 'unknown_scope',
    exitCode: EXIT.usage,
    message: `the exchange has no ${named}: that nothing is open there proves nothing`,
    hint: 'is it spelled as Bybit does (BTCUSDT, BTCPERP, USDC), and is it of another --category? Without --symbols and --settle-coin everything is looked at',
  });
}

/** Where a symbol can be, when nobody says. */
function categoriesOf(symbol: string): readonly Category[] {
  return /-[CP](-[A-Z]+)?$/.test(symbol) ? ['option'] : ['linear', 'spot'];
}

function usage(message: string): MmbotError {
  return new MmbotError({ code: 'usage', exitCode: EXIT.usage, message, hint: 'mmbot cancel-all --help' });
}
