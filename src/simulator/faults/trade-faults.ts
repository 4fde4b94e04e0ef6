import type { Clock } from '../../util/clock.ts';
import { isObject, parseJson, textIn, type JsonObject } from '../../util/json.ts';
import type { Faults } from './faults.ts';
import { spentLimit } from './http-faults.ts';
import { outcomeOf, type RequestOutcome } from './request-outcomes.ts';
import { spoiledRows } from './row-faults.ts';

export interface TradeFaultParts {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly connectedAt: number;
  /** `json`: what `text` reads as. */
  readonly deliver: (text: string, json?: JsonObject, delayMs?: number) => void;
  readonly pass: (text: string) => void;
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

  request(text: string): void {
    const { faults, connectedAt, pass, deliver } = this.#parts;
    const message = parseJson(text);
    const op = isObject(message) ? textIn(message['op']) : '';
    if (!isObject(message) || !ORDER_OP.test(op)) return pass(text);
    const outcome = outcomeOf({ path: `/v5/${op.replace('.', '/')}`, transport: 'trade', connectedAt }, faults);
    if (outcome?.answer === 'code' && outcome.code === 10019) this.wasRestarted = true;
    if (outcome !== undefined && outcome.arrives) this.#outcomes.set(textIn(message['reqId']), outcome);
    if (outcome === undefined || outcome.arrives) pass(text);
    else if (outcome.answer === 'code') deliver(this.#reply(message, outcome));
  }

  fromExchange(text: string, json: JsonObject | undefined): void {
    const { faults, deliver } = this.#parts;
    const message = json ?? parseJson(text);
    if (!isObject(message)) return deliver(text);
    const outcome = this.#outcomes.get(textIn(message['reqId']));
    if (outcome === undefined) {
      const spoiled = spoiledRows(faults, { kind: 'push', path: textIn(message['op']) }, message);
      return deliver(spoiled === message ? text : JSON.stringify(spoiled), spoiled);
    }
    this.#outcomes.delete(textIn(message['reqId']));
    if (outcome.answer === 'late') deliver(text, message, outcome.byMs);
    else if (outcome.answer === 'code') deliver(this.#reply(message, outcome));
  }

  #reply({ reqId, op }: JsonObject, { code, message }: Extract<RequestOutcome, { answer: 'code' }>): string {
    const now = this.#parts.clock.now();
    const header = { ...(code === 10006 ? spentLimit(now) : {}), Timenow: String(now) };
    return JSON.stringify({ reqId, retCode: code, retMsg: message, op, data: {}, retExtInfo: {}, header, connId: 'fault' });
  }
}
