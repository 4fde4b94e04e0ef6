import { listIn, numberIn, objectIn, type JsonObject } from '../../../util/json.ts';
import { ExchangeError } from '../../errors.ts';
import { NO_PERMISSION } from '../codec/ret-codes.ts';
import type { Rest } from './rest.ts';

const DERIVATIVES = 'DERIVATIVES';

/** Makes the exchange refuse a price outside its limits instead of adjusting it. False when this is not available. */
export function refuseAdjustedPrices(rest: Rest): Promise<boolean> {
  return granted(rest, 'v5/account/set-limit-px-action', { category: 'linear', modifyEnable: false });
}

/** Enables the exchange's cancel on disconnect. True when the exchange confirms it. */
export async function armDisconnectCancel(rest: Rest, afterSeconds: number): Promise<boolean> {
  const wanted = { product: DERIVATIVES, timeWindow: afterSeconds };
  if (!(await granted(rest, 'v5/order/disconnected-cancel-all', wanted))) return false;
  // The response is only an acknowledgment: the setting is read back as confirmation.
  const { result } = await rest.get('v5/account/query-dcp-info', {});
  return listIn(result['dcpInfos'])
    .map(objectIn)
    .some((row) => row['product'] === DERIVATIVES && row['dcpStatus'] === 'ON' && numberIn(row['timeWindow']) === afterSeconds);
}

/** Changes an account setting; false when it is not available to this account. */
async function granted(rest: Rest, path: string, parameters: JsonObject): Promise<boolean> {
  try {
    await rest.postSafely(path, parameters);
    return true;
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    const isOfAccount = error.kind === 'auth' && error.concern === 'account';
    const isRefused = error.kind === 'rejected' || error.retCode === NO_PERMISSION || isOfAccount;
    if (!isRefused) throw error;
    return false;
  }
}
