import { formatSteps } from '../../model/grid.ts';
import type { Amend, NewOrder } from '../../model/order.ts';
import type { Approved } from '../../risk/gate.ts';
import type { JsonObject } from '../../util/json.ts';
import { ExchangeError } from '../errors.ts';
import type { Ack, OrderRef, Transport } from '../exchange.ts';
import { ackIn, createParameters, refParameters } from './codec/codec.ts';
import type { Instruments } from './rest/instruments.ts';
import type { Rest } from './rest/rest.ts';
import type { Streams } from './streams/streams.ts';
import type { TradeOperation } from './streams/trade-socket.ts';

export interface OrderEntryParts {
  readonly rest: Rest;
  readonly instruments: Instruments;
  readonly streams: Pick<Streams, 'trade'>;
}

/** Sends orders over the trade socket, or over HTTP. */
export class OrderEntry {
  readonly #parts: OrderEntryParts;
  /** The transport for the next cancel of the cancel port. */
  #cancelsBy: Transport = 'socket';

  constructor(parts: OrderEntryParts) {
    this.#parts = parts;
  }

  /** The transports that can send orders now, preferred first. */
  transports(): readonly Transport[] {
    const { rest, streams } = this.#parts;
    const socket = streams.trade?.isUsable === true ? (['socket'] as const) : [];
    return rest.gate.isShut ? socket : [...socket, 'http'];
  }

  probe(via: Transport): Promise<unknown> {
    const { rest, streams } = this.#parts;
    return via === 'socket' && streams.trade !== undefined ? streams.trade.ping() : rest.time.sample();
  }

  async place(order: Approved<NewOrder>, via?: Transport): Promise<Ack> {
    return this.send('create', createParameters(order, this.#parts.instruments.fitting(order)), via);
  }

  async amend(change: Approved<Amend>, via?: Transport): Promise<Ack> {
    const { symbol, clientOrderId, price, quantity } = change;
    const { tick, lot } = this.#parts.instruments.fitting(change);
    const terms = { qty: formatSteps(quantity, lot), price: formatSteps(price, tick) };
    return this.send('amend', { ...refParameters({ symbol, clientOrderId }), ...terms }, via);
  }

  async cancel(order: OrderRef, via?: Transport): Promise<Ack> {
    return this.send('cancel', refParameters(order), via);
  }

  /** For the cancel port. A cancel may be sent twice. After one without an outcome, the next takes the other transport: this one may be half open. */
  async cancelEitherWay(parameters: JsonObject): Promise<Ack> {
    const usable = this.transports();
    const via = usable.includes(this.#cancelsBy) ? this.#cancelsBy : usable[0];
    try {
      return await this.send('cancel', parameters, via);
    } catch (error) {
      if (error instanceof ExchangeError && error.outcome === 'unknown') this.#cancelsBy = via === 'http' ? 'socket' : 'http';
      throw error;
    }
  }

  /** The transport is chosen before sending; a request that was sent is never sent again over the other transport. */
  async send(operation: TradeOperation, parameters: JsonObject, via: Transport = 'socket'): Promise<Ack> {
    const { rest, streams } = this.#parts;
    const time = rest.time.known(operation === 'cancel');
    if (time !== undefined) await time;
    const { trade } = streams;
    if (via === 'socket' && trade?.isUsable === true) return trade.request(operation, parameters);
    const { result } = await rest.post(`v5/order/${operation}`, parameters);
    return ackIn(result);
  }
}
