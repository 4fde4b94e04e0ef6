import { messageOf } from '../../../errors.ts';
import type { Cancel, Clock } from '../../../util/clock.ts';
import type { JsonObject } from '../../../util/json.ts';
import { Message } from '../../../util/message.ts';
import type { Random } from '../../../util/random.ts';
import type { Wire, WireSocket } from '../wire/wire.ts';

const PING_MS = 20_000;
const PONG_DEADLINE_MS = 5000;
/** Time limit from connecting to the caller's `ready`. */
const HANDSHAKE_MS = 10_000;
const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 30_000;
/** After a connection that lasted this long, the next outage starts with the shortest backoff. */
const STABLE_MS = 30_000;

export interface SocketParts {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly random: Random;
  readonly url: string;
}

/** Called when a stream becomes usable or unusable; `reason` is empty for `up`. */
export type StreamState = (state: 'up' | 'down', reason: string) => void;

export interface SocketListener {
  /** A new connection: send the first messages, such as authentication and subscriptions, then call `ready`. */
  onOpen(): void;
  /** Called with every message except pongs. When it throws, the message counts as unreadable and the connection restarts. */
  onMessage(message: JsonObject): void;
  /** The connection is lost or failed to open; a new one is scheduled. */
  onDown(reason: string): void;
}

interface Connection {
  socket: WireSocket | undefined;
}

/**
 * A WebSocket that reconnects automatically, with a heartbeat deadline and exponential backoff with full jitter. The backoff keeps
 * growing while connections do not last, so that a flapping exchange is not flooded with connections.
 */
export class SocketClient {
  readonly #parts: SocketParts;
  readonly #listener: SocketListener;
  #connection: Connection | undefined;
  #timers: Cancel[] = [];
  #pongDeadline: Cancel | undefined;
  #onPong: (() => void)[] = [];
  #readyAt: number | undefined;
  #failures = 0;
  #closed = false;

  constructor(parts: SocketParts, listener: SocketListener) {
    this.#parts = parts;
    this.#listener = listener;
  }

  get isReady(): boolean {
    return this.#readyAt !== undefined;
  }

  start(): void {
    if (this.#closed || this.#connection !== undefined) return;
    const { wire, clock, url } = this.#parts;
    const connection: Connection = { socket: undefined };
    this.#connection = connection;
    // Events of an abandoned connection are ignored.
    const whenCurrent = (task: () => void): void => {
      if (this.#connection === connection) task();
    };
    this.#timers.push(clock.schedule(HANDSHAKE_MS, () => this.restart(`not ready within ${HANDSHAKE_MS} ms`)));
    connection.socket = wire.open(url, {
      onOpen: () => whenCurrent(() => this.#opened()),
      onMessage: ({ json }) => whenCurrent(() => this.#received(json)),
      onClose: (reason) => whenCurrent(() => this.#down(reason)),
    });
  }

  /** The connection is authenticated and subscribed. */
  ready(): void {
    this.#stopTimers();
    this.#readyAt = this.#parts.clock.monotonic();
    this.#pingLater();
  }

  send(message: JsonObject): void {
    this.#connection?.socket?.send(new Message(message));
  }

  /** Sends a ping now; without a pong in time the connection restarts. */
  probe(onPong?: () => void): void {
    if (this.#connection === undefined) return;
    if (onPong !== undefined) this.#onPong.push(onPong);
    if (this.#pongDeadline !== undefined) return;
    this.send({ op: 'ping' });
    this.#pongDeadline = this.#parts.clock.schedule(PONG_DEADLINE_MS, () => this.restart(`no pong within ${PONG_DEADLINE_MS} ms`));
  }

  /** Closes this connection and opens a new one after the backoff. */
  restart(reason: string): void {
    if (this.#connection === undefined) return;
    const { socket } = this.#connection;
    this.#down(reason);
    socket?.close();
  }

  close(): void {
    this.#closed = true;
    this.#stopTimers();
    this.#readyAt = undefined;
    const socket = this.#connection?.socket;
    this.#connection = undefined;
    socket?.close();
  }

  #opened(): void {
    this.#listener.onOpen();
  }

  #received(message: JsonObject | undefined): void {
    if (message === undefined) return this.restart('a message that is not JSON');
    if (isPong(message)) {
      this.#pongDeadline?.();
      this.#pongDeadline = undefined;
      for (const tell of this.#onPong.splice(0)) tell();
      return;
    }
    try {
      this.#listener.onMessage(message);
    } catch (error) {
      this.restart(`a message that cannot be handled: ${messageOf(error)}`);
    }
  }

  #down(reason: string): void {
    const { clock, random } = this.#parts;
    const now = clock.monotonic();
    if (this.#readyAt !== undefined && now - this.#readyAt >= STABLE_MS) this.#failures = 0;
    this.#connection = undefined;
    this.#readyAt = undefined;
    this.#stopTimers();
    const longest = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#timers.push(clock.schedule(random.uniform() * longest, () => this.start()));
    this.#listener.onDown(reason);
  }

  #pingLater(): void {
    const { clock } = this.#parts;
    const cancel = clock.schedule(PING_MS, () => {
      this.#timers = this.#timers.filter((timer) => timer !== cancel);
      this.probe();
      this.#pingLater();
    });
    this.#timers.push(cancel);
  }

  #stopTimers(): void {
    this.#onPong = [];
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
    this.#pongDeadline?.();
    this.#pongDeadline = undefined;
  }
}

/** The kinds of sockets have different pong formats. */
function isPong(message: JsonObject): boolean {
  return message['op'] === 'pong' || message['ret_msg'] === 'pong';
}
