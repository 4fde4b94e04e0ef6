import type { Faults } from './faults.ts';
import type { FaultName } from './fault-table.ts';

/** A request over either transport. */
export interface Call {
  readonly path: string;
  readonly transport: 'http' | 'trade';
  /** Monotonic time at which its connection was opened; -Infinity for HTTP. */
  readonly connectedAt: number;
}

/** The effect of a fault on a request. `arrives`: whether the exchange gets it. */
export type RequestOutcome =
  | { readonly arrives: boolean; readonly answer: 'none' }
  | { readonly arrives: true; readonly answer: 'late'; readonly byMs: number }
  /** This code replaces the true answer. */
  | { readonly arrives: boolean; readonly answer: 'code'; readonly code: number; readonly message: string };

interface Rule {
  readonly name: FaultName;
  readonly strikes: (call: Call, faults: Faults) => boolean;
  readonly outcome: (faults: Faults) => RequestOutcome;
}

const TOO_MANY = { answer: 'code', code: 10006, message: 'Too many visits!' } as const;
const SERVER_ERROR = { answer: 'code', code: 10016, message: 'Server error.' } as const;
const OVERLOAD = { answer: 'code', code: 10429, message: 'System level frequency protection' } as const;
const RESTARTING = { answer: 'code', code: 10019, message: 'ws trade service is restarting' } as const;
const REVOKED = { answer: 'code', code: 10003, message: 'API key is invalid.' } as const;

const any = (): boolean => true;
const isOrder = ({ path }: Call): boolean => /^\/v5\/order\/(create|amend|cancel)/.test(path);
const isSigned = ({ path }: Call): boolean => !path.startsWith('/v5/market/');
/** Connections opened before the restart of the trade service are the ones affected. */
const isOld = ({ transport, connectedAt }: Call, faults: Faults): boolean =>
  transport === 'trade' && connectedAt < (faults.beganAt('restart-10019') ?? Number.NEGATIVE_INFINITY);

/** The first rule that strikes decides. */
const RULES: readonly Rule[] = [
  { name: 'one-way-partition', strikes: any, outcome: () => ({ arrives: true, answer: 'none' }) },
  { name: 'request-lost', strikes: any, outcome: () => ({ arrives: false, answer: 'none' }) },
  { name: 'key-revoked', strikes: isSigned, outcome: () => ({ arrives: false, ...REVOKED }) },
  { name: 'restart-10019', strikes: isOld, outcome: () => ({ arrives: false, ...RESTARTING }) },
  { name: 'rate-limit-10006', strikes: isSigned, outcome: () => ({ arrives: false, ...TOO_MANY }) },
  { name: 'overload-429', strikes: isSigned, outcome: () => ({ arrives: false, ...OVERLOAD }) },
  { name: 'server-error-10016-not-applied', strikes: isSigned, outcome: () => ({ arrives: false, ...SERVER_ERROR }) },
  { name: 'server-error-10016-applied', strikes: isSigned, outcome: () => ({ arrives: true, ...SERVER_ERROR }) },
  { name: 'lost-reply', strikes: any, outcome: () => ({ arrives: true, answer: 'none' }) },
  // Longer than mmbot’s longest default timeout.
  {
    name: 'late-reply',
    strikes: any,
    outcome: (faults) => ({ arrives: true, answer: 'late', byMs: 1600 + 3000 * faults.draw('late-reply') }),
  },
  {
    name: 'fill-before-ack',
    strikes: isOrder,
    outcome: (faults) => ({ arrives: true, answer: 'late', byMs: 50 + 800 * faults.draw('fill-before-ack') }),
  },
];

/** Undefined: the request is unaffected. */
export function outcomeOf(call: Call, faults: Faults): RequestOutcome | undefined {
  return RULES.find(({ name, strikes }) => faults.isOn(name) && strikes(call, faults) && faults.strikes(name))?.outcome(faults);
}
