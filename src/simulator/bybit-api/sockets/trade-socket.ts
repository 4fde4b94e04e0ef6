import type { Clock } from '../../../util/clock.ts';
import { listIn, objectIn, textIn, type JsonObject } from '../../../util/json.ts';
import type { RateLimits, RateReading } from '../../limits/rate-limits.ts';
import type { AccountId } from '../../venue/account-state.ts';
import type { KeyRing } from '../keys.ts';
import { failed, failure, parameterError, RET, textOf, type Reply } from '../routes/replies.ts';
import { limitHeaders } from '../rest.ts';
import { performLimited, type Routes } from '../routes/routes.ts';
import { authenticateSocket, checkTime } from '../signature.ts';
import { echoed, type Protocol, type Socket } from './socket.ts';

const MAX_REQ_ID = 36;
/** Number of recent request ids that are remembered, to detect duplicates. */
const REMEMBERED = 10_000;
const OP = /^order\.(create|amend|cancel)(-batch)?$/;

export interface TradeParts {
  readonly clock: Clock;
  readonly keys: KeyRing;
  readonly limits: RateLimits;
  readonly routes: Routes;
  readonly nextId: () => string;
}

/** `/v5/trade`: order entry over a connection that is authenticated once. It shares the rate limits of HTTP. */
export class TradeProtocol implements Protocol {
  readonly #socket: Socket;
  readonly #parts: TradeParts;
  readonly #seen = new Set<string>();
  #account: AccountId | undefined;

  constructor(socket: Socket, parts: TradeParts) {
    this.#socket = socket;
    this.#parts = parts;
  }

  receive(message: JsonObject | undefined, receivedAt: number): void {
    const op = textIn(message?.['op']);
    if (message === undefined) this.#answer({}, failure(parameterError('not a JSON object')));
    else if (op === 'ping') this.#pong(message);
    else if (op === 'auth') this.#auth(message);
    else this.#order(message, op, receivedAt);
  }

  #pong(message: JsonObject): void {
    const data = [String(this.#parts.clock.now())];
    this.#socket.send({ ...echoed(message, 'reqId'), retCode: 0, retMsg: 'OK', op: 'pong', data, connId: this.#socket.id });
  }

  #auth(message: JsonObject): void {
    const { keys, clock } = this.#parts;
    const owner = authenticateSocket(listIn(message['args']), keys, clock.now());
    if (!owner.ok) {
      this.#authReply(message, owner.code, owner.message);
      this.#socket.close(1000, 'auth failed');
    } else if (this.#account !== undefined) this.#authReply(message, RET.repeatedAuth, textOf(RET.repeatedAuth));
    else {
      this.#account = owner.account;
      this.#authReply(message, 0, 'OK');
    }
  }

  #authReply(message: JsonObject, retCode: number, retMsg: string): void {
    this.#socket.send({ ...echoed(message, 'reqId'), retCode, retMsg, op: 'auth', connId: this.#socket.id });
  }

  #order(message: JsonObject, op: string, receivedAt: number): void {
    const { limits, routes, clock } = this.#parts;
    const path = `/v5/${op.replace('.', '/')}`;
    const route = OP.test(op) ? routes[path] : undefined;
    const account = this.#account;
    if (account === undefined) return this.#answer(message, failed(RET.permission));
    if (route === undefined) return this.#answer(message, failed(RET.opNotFound));
    const invalid = this.#checkRequest(message);
    if (invalid !== undefined) return this.#answer(message, invalid, limits.idle(path));
    const params = objectIn(listIn(message['args'])[0]);
    const { reply, rate } = performLimited(route, path, limits, { account, params, now: clock.now(), receivedAt });
    this.#answer(message, reply, rate);
  }

  #checkRequest(message: JsonObject): Reply | undefined {
    const reqId = textIn(message['reqId']);
    if (reqId.length > MAX_REQ_ID) return failure(parameterError('reqId is longer than 36'));
    if (reqId !== '' && this.#seen.has(reqId)) return failed(RET.repeatedReqId);
    if (reqId !== '') this.#remember(reqId);
    if (listIn(message['args']).length !== 1) return failure(parameterError('args has one item'));
    const header = objectIn(message['header']);
    const late = checkTime(header['X-BAPI-TIMESTAMP'], header['X-BAPI-RECV-WINDOW'], this.#parts.clock.now());
    return late === undefined ? undefined : failure(late);
  }

  #remember(reqId: string): void {
    this.#seen.add(reqId);
    if (this.#seen.size <= REMEMBERED) return;
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest);
      return;
    }
  }

  #answer(message: JsonObject, { retCode, retMsg, result, retExtInfo }: Reply, rate?: RateReading): void {
    const { clock, nextId } = this.#parts;
    this.#socket.send({
      ...echoed(message, 'reqId'),
      retCode,
      retMsg,
      op: textIn(message['op']),
      data: result,
      retExtInfo,
      header: { ...(rate === undefined ? {} : limitHeaders(rate)), Traceid: nextId(), Timenow: String(clock.now()) },
      connId: this.#socket.id,
    });
  }
}
