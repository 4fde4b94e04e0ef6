import type { Clock } from '../../util/clock.ts';
import { listIn, objectIn, type JsonObject } from '../../util/json.ts';
import { Message } from '../../util/message.ts';
import type { FaultName } from './fault-table.ts';
import type { Faults } from './faults.ts';
import { spoiledRows } from './row-faults.ts';

export interface EventFaultParts {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly deliver: (message: Message, delayMs?: number) => void;
}

/** For each topic, the fault that drops only that topic. */
const TOPIC_LOST = new Map<string, FaultName>([
  ['execution', 'missed-executions'],
  ['order', 'missed-orders'],
  ['position', 'missed-positions'],
]);

/** Injects faults into private events on their way to one client. */
export class EventFaults {
  readonly #parts: EventFaultParts;
  #lastAt = 0;

  constructor(parts: EventFaultParts) {
    this.#parts = parts;
  }

  fromExchange(message: Message): void {
    const { faults, deliver } = this.#parts;
    if (faults.active.length === 0) return deliver(message);
    const { json } = message;
    const topic = json?.['topic'];
    if (json === undefined || typeof topic !== 'string') return deliver(message);
    const lost = TOPIC_LOST.get(topic);
    if (faults.strikes('missed-private-event') || (lost !== undefined && faults.strikes(lost))) return;
    const spoiled = spoiledRows(faults, { kind: 'push', path: topic }, json);
    const said = spoiled === json ? message : new Message(spoiled);
    deliver(said, this.#behind());
    if (faults.strikes('duplicated-event')) deliver(said, 1 + 2000 * faults.draw('duplicated-event'));
    const again = topic === 'order' && faults.isOn('double-filled-on-cancel') ? filledAgain(json) : undefined;
    if (again !== undefined && faults.strikes('double-filled-on-cancel')) deliver(new Message(again), 5);
  }

  /** Delay of an event, ms: either out of order, or in order but behind the answers. */
  #behind(): number {
    const { clock, faults } = this.#parts;
    if (faults.strikes('out-of-order-event')) return 20 + 500 * faults.draw('out-of-order-event');
    if (!faults.strikes('reordered-stream')) return 0;
    const now = clock.monotonic();
    this.#lastAt = Math.max(this.#lastAt, now + 300 + 1200 * faults.draw('reordered-stream'));
    return this.#lastAt - now;
  }
}

/** The row of a cancel that came too late, in the exchange’s form. */
function filledAgain(message: JsonObject): JsonObject | undefined {
  const rows = listIn(message['data']).map(objectIn);
  const filled = rows.filter((row) => row['orderStatus'] === 'Filled');
  const asCancel = filled.map((row) => ({ ...row, rejectReason: 'EC_OrigClOrdIDDoesNotExist' }));
  return asCancel.length === 0 ? undefined : { ...message, data: asCancel };
}
