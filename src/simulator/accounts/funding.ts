import { touchOf } from '../../model/book.ts';
import { atoms, lots, tickLots, ticks, type Atoms } from '../../model/units.ts';
import type { Account } from './account.ts';
import { scaledUp } from './arithmetic.ts';
import type { EmbeddedMarket, MarketFunding } from '../embedded-market.ts';
import type { VenueEvent } from '../venue/events.ts';
import type { FundingSettlement } from '../venue/market-data.ts';
import type { VenueExecution } from '../venue/orders.ts';

/** Rates are counted in this many parts of one. */
const FUNDING_PARTS = 1e8;
export const FUNDING_HOURS = 8;
/** Largest absolute funding rate of an interval. */
export const FUNDING_CAP = 375_000;

const INTERVAL_MS = FUNDING_HOURS * 3_600_000;
const SAMPLE_MS = 1000;
/** Interest of one interval, and the band around it within which the premium does not move the rate. */
const INTEREST = 10_000;
const DAMPENED = 50_000;
/** About two months of settlements. */
const REMEMBERED = 200;

/** The funding rate of one contract: interest and the mean premium of the mid over the index since the last settlement. */
export class FundingRate implements MarketFunding {
  readonly settlements: FundingSettlement[] = [];
  #sum = 0;
  #samples = 0;
  #nextAt: number;
  /** The rate of another exchange, whose market is played here. */
  #adopted: number | undefined;

  constructor(now: number) {
    this.#nextAt = boundaryAfter(now);
  }

  /** ms: 00:00, 08:00, 16:00 UTC. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** The rate that would be settled now. */
  get rate(): number {
    if (this.#adopted !== undefined) return this.#adopted;
    const premium = this.#samples === 0 ? 0 : this.#sum / this.#samples;
    return Math.round(within(premium + within(INTEREST - premium, DAMPENED), FUNDING_CAP));
  }

  adopt(rate: number): void {
    this.#adopted = rate;
  }

  /** `premium`: in parts. */
  sample(premium: number): void {
    this.#sum += premium;
    this.#samples += 1;
  }

  /** Fixes the rate of the interval that ends now, and starts the next one. */
  settle(now: number): number {
    const { rate } = this;
    this.settlements.push({ rate, at: boundaryAfter(now) - INTERVAL_MS });
    if (this.settlements.length > REMEMBERED) this.settlements.shift();
    this.#nextAt = boundaryAfter(now);
    this.#sum = 0;
    this.#samples = 0;
    return rate;
  }
}

interface FundingParts {
  readonly accounts: readonly Account[];
  readonly markets: ReadonlyMap<string, EmbeddedMarket>;
  readonly nextId: () => string;
  readonly publish: (event: VenueEvent) => void;
}

/** Funding payments between longs and shorts. The background flow holds the opposite of the client positions, and pays or receives the difference. */
export class Funding {
  readonly #parts: FundingParts;
  readonly #rates: readonly (readonly [EmbeddedMarket, FundingRate])[];
  #sampledAt = Number.NEGATIVE_INFINITY;

  /** For all markets listed when it is created. `now`: wall time, ms. */
  constructor(parts: FundingParts, now: number) {
    this.#parts = parts;
    this.#rates = [...parts.markets.values()].map((market) => {
      const rate = new FundingRate(now);
      market.funding = rate;
      return [market, rate] as const;
    });
  }

  /** Samples the premium once a second, and settles when funding is due. `now`: wall time, ms. */
  advance(now: number): void {
    if (now - this.#sampledAt < SAMPLE_MS) return;
    this.#sampledAt = now;
    for (const [market, rate] of this.#rates) {
      rate.sample(premiumOf(market));
      if (now < rate.nextAt) continue;
      const settled = rate.settle(now);
      for (const account of this.#parts.accounts) this.#charge(account, market, settled, now);
    }
  }

  #charge(account: Account, market: EmbeddedMarket, rate: number, now: number): void {
    const { symbol } = market.instrument;
    const holding = account.holding(symbol);
    if (holding.quantity === 0) return;
    const amount = paymentOf(holding.quantity * market.markPrice, rate, market);
    holding.funding = atoms(holding.funding + amount);
    holding.updatedAt = now;
    const execution: VenueExecution = {
      execType: 'Funding',
      fundingRate: rate,
      execId: this.#parts.nextId(),
      account: account.id,
      symbol,
      orderId: this.#parts.nextId(),
      orderLinkId: '',
      side: holding.quantity > 0 ? 'buy' : 'sell',
      type: 'market',
      orderPrice: ticks(0),
      orderQuantity: lots(0),
      leavesQuantity: lots(0),
      price: market.markPrice,
      quantity: lots(Math.abs(holding.quantity)),
      fee: amount,
      isMaker: false,
      closedQuantity: lots(0),
      realized: tickLots(0),
      markPrice: market.markPrice,
      at: now,
      sequence: market.sequence,
    };
    account.executions.push(execution);
    this.#parts.publish({ type: 'execution', execution });
    this.#parts.publish({ type: 'position', account: account.id, position: account.position(market) });
    this.#parts.publish({ type: 'wallet', account: account.id, wallet: account.wallet() });
  }
}

/** `value`: of the position in tick-lots, signed like it. Rounded up, to the holder’s disadvantage, also when the holder receives. */
function paymentOf(value: number, rate: number, { instrument }: EmbeddedMarket): Atoms {
  return atoms(scaledUp(value, instrument.atomsPerTickLot * rate, FUNDING_PARTS));
}

/** 0 while there is no mid. */
function premiumOf({ book, indexPrice }: EmbeddedMarket): number {
  const touch = touchOf(book);
  if (touch === undefined) return 0;
  return (((touch.bid.price + touch.ask.price) / 2 - indexPrice) / indexPrice) * FUNDING_PARTS;
}

function boundaryAfter(now: number): number {
  return (Math.floor(now / INTERVAL_MS) + 1) * INTERVAL_MS;
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value));
}
