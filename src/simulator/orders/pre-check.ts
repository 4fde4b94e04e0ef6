import { lots } from '../../model/units.ts';
import type { Account } from '../accounts/account.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import { maintenanceMargin, totalMargin } from '../accounts/margin.ts';
import { checkPlace } from './order-checks.ts';
import type { PlaceRequest, PreCheck } from '../venue/requests.ts';

/** The account’s margins now and with the order: resting for the initial margin, filled for the maintenance margin. */
export function preCheck(account: Account, market: EmbeddedMarket, request: PlaceRequest): PreCheck {
  const { equity, positionMargin, orderMargin, maintenanceMargin: maintenance } = account.wallet();
  const initial = positionMargin + orderMargin;
  const checked = checkPlace(account, market, request);
  const share = (amount: number): number => (equity <= 0 ? 0 : amount / equity);
  const before = { initialBefore: share(initial), maintenanceBefore: share(maintenance) };
  const price = checked.ok ? checked.price : (request.price ?? market.lastPrice);
  const quantity = checked.ok ? checked.quantity : request.quantity;
  const holding = account.holding(request.symbol);
  const { side } = request;
  const value = request.reduceOnly ? 0 : price * quantity;
  const growth = totalMargin(holding, market, { side, value }) - totalMargin(holding, market);
  const after = lots(holding.quantity + (side === 'buy' ? quantity : 0 - quantity));
  const growthOfMaintenance = maintenanceMargin({ quantity: after }, market) - maintenanceMargin(holding, market);
  return {
    code: checked.ok ? 0 : checked.code,
    message: checked.ok ? '' : checked.message,
    ...before,
    initialAfter: share(initial + growth),
    maintenanceAfter: share(maintenance + growthOfMaintenance),
  };
}
