import type { Clock } from '../../util/clock.ts';
import { textIn, type JsonObject } from '../../util/json.ts';
import { Message } from '../../util/message.ts';
import type { SurfaceConnection, SurfacePeer } from '../bybit-api/surface.ts';
import type { Venue } from '../venue/venue.ts';
import { BookFaults } from './book-faults.ts';
import { EventFaults } from './event-faults.ts';
import type { FaultParts } from './http-faults.ts';
import { latencyStep } from './latency-step.ts';
import { TradeFaults } from './trade-faults.ts';
import type { Faults } from './faults.ts';

export type SocketKind = 'public' | 'private' | 'trade';

export function socketKind(path: string): SocketKind {
  return path === '/v5/private' ? 'private' : path === '/v5/trade' ? 'trade' : 'public';
}

export interface FaultySocketParts extends FaultParts {
  readonly venue: Venue;
  readonly kind: SocketKind;
  readonly peer: SurfacePeer;
  readonly onEnd: (socket: FaultySocket) => void;
}

/** One WebSocket between a client and the exchange, with faults injected. */
export class FaultySocket implements SurfaceConnection {
  readonly kind: SocketKind;
  /** The client’s end, as the exchange sees it. */
  readonly clientSide: SurfacePeer;
  readonly #parts: FaultySocketParts;
  readonly #toClient: OrderedPath;
  readonly #toExchange: OrderedPath;
  readonly #books: BookFaults | undefined;
  readonly #events: EventFaults | undefined;
  readonly #trades: TradeFaults | undefined;
  #connection: SurfaceConnection | undefined;
  /** Deaf: nothing reaches the client; dead: nothing passes in either direction. Both last until one end closes the connection. */
  #isDeaf = false;
  #isDead = false;
  #isOpen = true;

  constructor(parts: FaultySocketParts) {
    const { clock, kind, faults, venue } = parts;
    this.kind = kind;
    this.#parts = parts;
    this.#toClient = new OrderedPath(clock);
    this.#toExchange = new OrderedPath(clock);
    const connectedAt = clock.monotonic();
    const deliver = (message: Message, delayMs = 0): void => this.#deliver(message, delayMs);
    this.#books =
      kind === 'public' ? new BookFaults({ faults, venue, deliver, ask: (message) => this.#connection?.message(message) }) : undefined;
    this.#events = kind === 'private' ? new EventFaults({ clock, faults, deliver }) : undefined;
    this.#trades =
      kind === 'trade' ? new TradeFaults({ clock, faults, connectedAt, deliver, pass: (message) => this.#pass(message) }) : undefined;
    this.clientSide = { send: (message) => this.#fromExchange(message), close: (code, reason) => this.#closedByExchange(code, reason) };
  }

  /** Whether the client was told that the service restarts. */
  get wasRestarted(): boolean {
    return this.#trades?.wasRestarted === true;
  }

  attach(connection: SurfaceConnection): void {
    this.#connection = connection;
  }

  message(message: Message): void {
    if (this.#isDead || this.#parts.faults.strikes('half-open')) {
      this.#isDead = true;
      return;
    }
    if (this.#trades === undefined) this.#pass(message);
    else this.#trades.request(message);
  }

  closed(): void {
    if (!this.#isOpen) return;
    this.#end();
    this.#connection?.closed();
  }

  /** Closes the connection; both ends notice. */
  drop(): void {
    if (!this.#isOpen) return;
    this.closed();
    this.#parts.peer.close(1001, 'going away');
  }

  /** Simulates a restart of the book service. */
  resetBooks(): void {
    this.#books?.reset();
  }

  #pass(message: Message): void {
    this.#toExchange.send(() => this.#connection?.message(message), latencyStep(this.#parts.faults));
  }

  #fromExchange(message: Message): void {
    const { faults } = this.#parts;
    if (this.#isDead || this.#isDeaf) return;
    if (faults.strikes('half-open')) this.#isDead = true;
    else if (faults.strikes('one-way-partition')) this.#isDeaf = true;
    else if (!this.#isSpoiledControl(message)) (this.#books ?? this.#events ?? this.#trades)?.fromExchange(message);
  }

  /** True for messages about the connection itself that are dropped or replaced. */
  #isSpoiledControl({ json: message }: Message): boolean {
    const { faults } = this.#parts;
    if (!CONTROL.some((name) => faults.isOn(name))) return false;
    if (message === undefined) return false;
    const op = textIn(message['op']);
    if ((op === 'pong' || message['ret_msg'] === 'pong') && faults.strikes('no-pong')) return true;
    if (op === 'subscribe' && faults.strikes('subscribe-ack-lost')) {
      if (faults.draw('subscribe-ack-lost') < 0.3) this.#deliver(new Message({ ...message, success: false, ret_msg: 'error:internal' }));
      return true;
    }
    const refusal = op === 'auth' ? authRefusal(message, faults, this.kind) : undefined;
    if (refusal === undefined) return false;
    this.#deliver(new Message(refusal.message));
    if (refusal.closes) this.#toClient.send(() => this.drop(), 0);
    return true;
  }

  #deliver(message: Message, delayMs = 0): void {
    const send = (): void => {
      if (this.#isOpen) this.#parts.peer.send(message);
    };
    if (delayMs > 0) this.#parts.clock.schedule(delayMs, send);
    else this.#toClient.send(send, latencyStep(this.#parts.faults));
  }

  #closedByExchange(code: number, reason: string): void {
    if (!this.#isOpen) return;
    this.#end();
    this.#parts.peer.close(code, reason);
  }

  #end(): void {
    this.#isOpen = false;
    this.#parts.onEnd(this);
  }
}

const CONTROL = ['no-pong', 'subscribe-ack-lost', 'auth-fails-on-reconnect', 'key-revoked'] as const;

/** One of the forms that occur in reality; the first does not always end the connection. */
function authRefusal(message: JsonObject, faults: Faults, kind: SocketKind): { message: JsonObject; closes: boolean } | undefined {
  const isRevoked = faults.strikes('key-revoked');
  if (!isRevoked && !faults.strikes('auth-fails-on-reconnect')) return undefined;
  const shape = isRevoked ? 1 : faults.draw('auth-fails-on-reconnect');
  const { req_id, reqId } = message;
  const code = isRevoked ? 10003 : 10004;
  const words = {
    retCode: code,
    retMsg: isRevoked ? 'API key is invalid.' : 'Error sign, please check your signature generation algorithm.',
  };
  if (kind === 'trade' || shape >= 0.4)
    return { message: { success: false, reqId, req_id, op: 'auth', ...words, connId: 'fault' }, closes: true };
  return { message: { success: false, ret_msg: 'Request not authorized', req_id, op: 'auth', conn_id: 'fault' }, closes: shape < 0.2 };
}

/** Delays messages but keeps their order; without delay they pass at once. */
class OrderedPath {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #freeAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  send(task: () => void, delayMs: number): void {
    if (delayMs === 0 && this.#waiting.length === 0) return task();
    const now = this.#clock.monotonic();
    this.#freeAt = Math.max(this.#freeAt, now + delayMs);
    this.#waiting.push(task);
    this.#clock.schedule(this.#freeAt - now, () => this.#waiting.shift()?.());
  }
}
