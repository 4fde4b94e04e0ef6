/** The answer of an endpoint, without envelope, headers and delay. */
export interface Reply {
  readonly retCode: number;
  readonly retMsg: string;
  readonly result: object;
  readonly retExtInfo: object;
}

/** The error for a request that was rejected without effect. */
export interface Refusal {
  readonly ok: false;
  readonly code: number;
  readonly message: string;
}

export const RET = {
  parameter: 10001,
  clock: 10002,
  apiKey: 10003,
  signature: 10004,
  permission: 10005,
  tooManyVisits: 10006,
  routeNotFound: 10017,
  opNotFound: 10404,
  repeatedAuth: 20001,
  repeatedReqId: 20006,
  quantityZero: 110017,
  hasPosition: 110024,
  positionModeUnchanged: 110025,
  hasOrders: 110028,
  leverageUnchanged: 110043,
  noRetailPriceImprovement: 110119,
} as const;

const TEXTS: Readonly<Record<number, string>> = {
  [RET.parameter]: 'Request parameter error',
  [RET.clock]: 'The request time exceeds the time window range.',
  [RET.apiKey]: 'API key is invalid.',
  [RET.signature]: 'Error sign, please check your signature generation algorithm.',
  [RET.permission]: 'Permission denied, please check your API key permissions.',
  [RET.tooManyVisits]: 'Too many visits!',
  [RET.routeNotFound]: 'Route not found.',
  [RET.opNotFound]: 'op type is not found',
  [RET.repeatedAuth]: 'Repeat auth',
  [RET.repeatedReqId]: 'reqId is duplicated',
  [RET.quantityZero]: 'orderQty will be truncated to zero',
  [RET.hasPosition]: 'You have an existing position, so the position mode cannot be switched.',
  [RET.positionModeUnchanged]: 'Position mode has not been modified.',
  [RET.hasOrders]: 'You have existing open orders, so the position mode cannot be switched.',
  [RET.leverageUnchanged]: 'Set leverage has not been modified.',
  [RET.noRetailPriceImprovement]: 'The RPI order is not supported for this account.',
};

export function succeeded(result: object = {}, retExtInfo: object = {}): Reply {
  return { retCode: 0, retMsg: 'OK', result, retExtInfo };
}

export function failed(code: number, message = textOf(code)): Reply {
  return { retCode: code, retMsg: message, result: {}, retExtInfo: {} };
}

export function refusal(code: number, message = textOf(code)): Refusal {
  return { ok: false, code, message };
}

/** For a parameter that is missing, malformed or not supported here. */
export function parameterError(detail: string): Refusal {
  return refusal(RET.parameter, `${textOf(RET.parameter)}: ${detail}`);
}

export function failure({ code, message }: Refusal): Reply {
  return failed(code, message);
}

export function textOf(code: number): string {
  return TEXTS[code] ?? '';
}
