import { every, type Cancel, type Clock } from '../../../util/clock.ts';
import { textIn, type JsonObject } from '../../../util/json.ts';
import { Message } from '../../../util/message.ts';
import type { Random } from '../../../util/random.ts';
import { DelayedPath } from '../delayed-path.ts';
import type { DelayModel, Latency } from '../latency.ts';
import type { SurfaceConnection, SurfacePeer } from '../surface.ts';

/** Interval of the check for silent connections. */
const SCAN_MS = 30_000;
const IDLE_MS = 600_000;
const MIN_IDLE_MS = 30_000;
const MAX_ACTIVE_TIME = /^(\d+)([sm])$/;

export interface SocketParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly latency: Latency;
  readonly peer: SurfacePeer;
  /** Id of the connection, shown to its client. */
  readonly id: string;
  /** Query of the URL. */
  readonly query: string;
  readonly outbound: DelayModel;
  readonly onEnd: (socket: Socket) => void;
}

/** Handles the messages of one kind of socket. */
export interface Protocol {
  /** `undefined`: the message was not a JSON object. `receivedAt`: wall time when it arrived, before it took effect. */
  receive(message: JsonObject | undefined, receivedAt: number): void;
}

/** The exchange’s end of one WebSocket. Messages keep their order in both directions; a silent connection is closed. */
export class Socket implements SurfaceConnection {
  readonly id: string;
  readonly #parts: SocketParts;
  readonly #inbound: DelayedPath;
  readonly #outbound: DelayedPath;
  readonly #idleMs: number;
  readonly #cleanups: (() => void)[] = [];
  readonly #stopScan: Cancel;
  #protocol: Protocol | undefined;
  #heardAt: number;
  #isOpen = true;

  constructor(parts: SocketParts) {
    const { clock, random, latency } = parts;
    this.id = parts.id;
    this.#parts = parts;
    this.#inbound = new DelayedPath(clock, random, latency.entry);
    this.#outbound = new DelayedPath(clock, random, parts.outbound);
    this.#idleMs = readIdle(new URLSearchParams(parts.query).get('max_active_time') ?? '');
    this.#heardAt = clock.monotonic();
    this.#stopScan = every(clock, SCAN_MS, () => this.#scan());
  }

  speak(protocol: Protocol): void {
    this.#protocol = protocol;
  }

  message(message: Message): void {
    this.#heardAt = this.#parts.clock.monotonic();
    const receivedAt = this.#parts.clock.now();
    this.#inbound.deliver(() => this.#protocol?.receive(message.json, receivedAt));
  }

  closed(): void {
    this.#end();
  }

  send(message: JsonObject): void {
    this.push(new Message(message));
  }

  push(message: Message): void {
    if (!this.#isOpen) return;
    this.#heardAt = this.#parts.clock.monotonic();
    this.#outbound.deliver(() => this.#parts.peer.send(message));
  }

  /** Closes after everything sent before. */
  close(code: number, reason: string): void {
    this.#outbound.deliver(() => this.cut(code, reason));
  }

  /** Closes at once. */
  cut(code: number, reason: string): void {
    if (!this.#isOpen) return;
    this.#end();
    this.#parts.peer.close(code, reason);
  }

  /** Runs `cleanup` when the connection ends. */
  onEnd(cleanup: () => void): void {
    this.#cleanups.push(cleanup);
  }

  #scan(): void {
    if (this.#parts.clock.monotonic() - this.#heardAt > this.#idleMs) this.cut(1000, 'idle');
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#stopScan();
    this.#inbound.cut();
    this.#outbound.cut();
    for (const cleanup of this.#cleanups) cleanup();
    this.#parts.onEnd(this);
  }
}

/** `req_id` may be a number; it is echoed as text, and omitted if it was not sent. */
export function echoed(message: JsonObject, name: 'req_id' | 'reqId'): { [key: string]: string } {
  const id = message[name];
  return id === undefined ? {} : { [name]: textIn(id) };
}

/** `45s`, `2m`. */
function readIdle(text: string): number {
  const [, count = '', unit = ''] = MAX_ACTIVE_TIME.exec(text) ?? [];
  const ms = Number(count) * (unit === 'm' ? 60_000 : 1000);
  return count === '' ? IDLE_MS : Math.min(IDLE_MS, Math.max(MIN_IDLE_MS, ms));
}
