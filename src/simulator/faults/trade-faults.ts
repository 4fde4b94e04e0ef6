import type { Clock } from '../../util/clock.ts';
import { textIn, type JsonObject } from '../../util/json.ts';
import { Message } from '../../util/message.ts';
import type { Faults } from './faults.ts';
import { spentLimit } from './http-faults.ts';
import { outcomeOf, type RequestOutcome } from './request-outcomes.ts';
import { spoiledRows } from './row-faults.ts';

export interface TradeFaultParts {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly connectedAt: number;
  readonly deliver: (message: Message, delayMs?: number) => void;
  readonly pass: (message: Message) => void;
}

const ORDER_OP = /^order\./;

/** Injects faults into requests and replies of one trade socket. */
export class TradeFaults {
  readonly #parts: TradeFaultParts;
  /** Outcomes of requests whose replies are still to come, by request id. */
  readonly #outcomes = new Map<string, RequestOutcome>();
  wasRestarted = false;

  constructor(parts: TradeFaultParts) {
    this.#parts = parts;
  }

  request(message: Message): void {
    const { faults, connectedAt, pass, deliver } = this.#parts;
    const { json } = message;
    const op = textIn(json?.['op']);
    if (json === undefined || !ORDER_OP.test(op)) return pass(message);
    const outcome = outcomeOf({ path: `/v5/${op.replace('.', '/')}`, transport: 'trade', connectedAt }, faults);
    if (outcome?.answer === 'code' && outcome.code === 10019) this.wasRestarted = true;
    if (outcome !== undefined && outcome.arrives) this.#outcomes.set(textIn(json['reqId']), outcome);
    if (outcome === undefined || outcome.arrives) pass(message);
    else if (outcome.answer === 'code') deliver(this.#reply(json, outcome));
  }

  fromExchange(message: Message): void {
    const { faults, deliver } = this.#parts;
    const { json } = message;
    if (json === undefined) return deliver(message);
    const outcome = this.#outcomes.get(textIn(json['reqId']));
    if (outcome === undefined) {
      const spoiled = spoiledRows(faults, { kind: 'push', path: textIn(json['op']) }, json);
      return deliver(spoiled === json ? message : new Message(spoiled));
    }
    this.#outcomes.delete(textIn(json['reqId']));
    if (outcome.answer === 'late') deliver(message, outcome.byMs);
    else if (outcome.answer === 'code') deliver(this.#reply(json, outcome));
  }

  #reply({ reqId, op }: JsonObject, { code, message }: Extract<RequestOutcome, { answer: 'code' }>): Message {
    const now = this.#parts.clock.now();
    const header = { ...(code === 10006 ? spentLimit(now) : {}), Timenow: String(now) };
    return new Message({ reqId, retCode: code, retMsg: message, op, data: {}, retExtInfo: {}, header, connId: 'fault' });
  }
}
