import type { WireRequest, WireResponse } from '../../../src/exchange/bybit/wire/wire.ts';
import type { Clock } from '../../../src/util/clock.ts';
import type { JsonObject } from '../../../src/util/json.ts';
import type { Random } from '../../../src/util/random.ts';
import type { Hand } from './hand.ts';

/** What a session is about. */
export const SCENARIOS = ['stop', 'freeze', 'restart', 'cancel-all', 'guard'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** Where a session stands. */
export const PHASES = ['startup', 'quoting', 'freeze', 'stop', 'restart', 'cancelAll', 'guard'] as const;
export type Phase = (typeof PHASES)[number];

export type SocketName = 'public' | 'private' | 'trade';

/** What is judged. */
export type Check =
  /** Success was reported while an order with mmbot's prefix rests, or one lands afterwards. */
  | 'falseSuccess'
  /** One client order id sent or matched twice, or two orders rest for one intent. */
  | 'doubleSend'
  /** Position, counted as if all orders of one side filled, above the limit. */
  | 'limit'
  /** Something did not end by its deadline and two seconds. */
  | 'deadline'
  /** Exit 70, an unhandled error, a fault of the loop. */
  | 'bug'
  /** An order left before its intent was in the journal. */
  | 'journal'
  | 'memory';

/** What the client may believe of its account because the exchange, damaged, keeps it from it. */
export type Source = 'orderList' | 'orderStream' | 'executionList' | 'executionStream' | 'positionList' | 'positionStream';

export interface Call {
  readonly request: WireRequest;
  /** `v5/order/realtime` */
  readonly path: string;
  readonly parameters: JsonObject;
}

/** Create, amend or cancel, whichever way it takes; or a call for many. */
export interface Operation {
  readonly name: 'create' | 'amend' | 'cancel' | 'cancel-all' | 'cancel-batch';
  readonly parameters: JsonObject;
  /** An answer as this way writes it. */
  readonly answer: (retCode: number, retMsg: string, result?: JsonObject) => JsonObject;
}

export interface Frame {
  readonly socket: SocketName;
  readonly text: string;
  /** `order`, `execution`, `orderbook.50.BTCUSDT`; empty for everything else. */
  readonly topic: string;
}

export interface Tools {
  readonly random: Random;
  readonly clock: Clock;
  /** Uniform, ms. */
  readonly between: (least: number, most: number) => number;
  readonly phase: () => Phase;
  /** Of this kind in this session, kept from one occasion to the next. */
  readonly memory: Map<string, unknown>;
  /** Does as another client of the account, on a way that is not damaged. */
  readonly hand: Hand;
  /** Hands the client a message of the exchange that it never sent. */
  readonly say: (socket: SocketName, message: JsonObject) => void;
  /** Breaks connections. */
  readonly cut: (socket: SocketName) => void;
  /** The last rows that the private stream truly brought, by topic. */
  readonly past: (topic: string) => readonly JsonObject[];
}

interface KindFacts {
  readonly name: string;
  readonly group: string;
  readonly does: string;
  /** What no client can know then: the checks that are not made, each with the reason. */
  readonly excuses?: Partial<Record<Check, string>>;
  /** Sources that no longer tell all of the truth. */
  readonly blinds?: readonly Source[];
  /** Where alone it can strike; else anywhere. */
  readonly scenario?: Scenario;
  /** Share of the occasions, one of these; else drawn from 0.03 to 1. */
  readonly rates?: readonly number[];
}

/** One kind of damage: what it is, and one thing that it does. */
export type Kind = KindFacts &
  (
    | { readonly deals: 'call'; readonly at: (call: Call) => boolean; readonly deal: DealCall }
    | { readonly deals: 'operation'; readonly at: (operation: Operation) => boolean; readonly deal: DealOperation }
    | { readonly deals: 'answer'; readonly at: (call: Call) => boolean; readonly deal: DealAnswer }
    | { readonly deals: 'frame'; readonly at: (frame: Frame) => boolean; readonly deal: DealFrame }
    | { readonly deals: 'open'; readonly at: (socket: SocketName) => boolean; readonly deal: DealOpen }
    | { readonly deals: 'act'; readonly everyMs: readonly [number, number]; readonly deal: DealAct }
  );

export type DealCall = (next: () => Promise<WireResponse>, tools: Tools, call: Call) => Promise<WireResponse>;
/** Undefined: no answer ever comes. */
export type DealOperation = (
  next: () => Promise<JsonObject | undefined>,
  tools: Tools,
  operation: Operation,
) => Promise<JsonObject | undefined>;
/** Changes the parsed answer of a read; `ask` sends the request again. */
export type DealAnswer = (answer: JsonObject, tools: Tools, call: Call) => JsonObject;
export type DealFrame = (pass: (text?: string) => void, tools: Tools, frame: Frame) => void;
/** `refused`: it does not open. A number: after so many ms it says and hears nothing more, and stays open. */
export type DealOpen = (tools: Tools) => 'refused' | number;
export type DealAct = (tools: Tools) => void | Promise<unknown>;
