import { settingsFor, type Settings } from '../../config/fields.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Order } from '../../model/order.ts';
import type { Clock } from '../../util/clock.ts';
import { SymbolState } from './symbol-state.ts';

export interface LoadStatesParts {
  readonly exchange: Exchange;
  readonly symbols: readonly string[];
  readonly clock: Clock;
  readonly settings: Settings;
  /** Our orders of a symbol, when its book contains them. */
  readonly own?: ((symbol: string) => readonly Order[]) | undefined;
}

/**
 * Reads instruments and fee rates into `states` and creates missing states. Returns the symbols whose tick or lot size has changed,
 * without reading fee rates first, because quoting must stop without that delay. Rejects with ExchangeError.
 */
export async function loadStates(states: Map<string, SymbolState>, parts: LoadStatesParts): Promise<string[]> {
  const { exchange, symbols, clock, settings, own } = parts;
  const instruments = await exchange.instruments(symbols);
  const changed = instruments.filter((instrument) => states.get(instrument.symbol)?.isCountedLike(instrument) === false);
  if (changed.length > 0) return changed.map(({ symbol }) => symbol);
  for (const instrument of instruments) {
    const { symbol } = instrument;
    const fees = await exchange.feeRates(symbol);
    const known = states.get(symbol);
    const ours = own === undefined ? undefined : () => own(symbol);
    if (known === undefined) states.set(symbol, new SymbolState(instrument, fees, clock, settingsFor(settings, symbol), ours));
    else known.refresh(instrument, fees);
  }
  return [];
}
