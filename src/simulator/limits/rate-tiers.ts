/** Rate limits in force: those of a VIP level, a professional client or a market maker; `off`: nothing is refused. */
export const LIMIT_MODES = [
  'off',
  'vip0',
  'vip1',
  'vip2',
  'vip3',
  'pro1',
  'pro2',
  'pro3',
  'pro4',
  'pro5',
  'pro6',
  'mm1',
  'mm2',
  'mm3',
] as const;
export type LimitMode = (typeof LIMIT_MODES)[number];

/** Product lines that are counted separately; `all`: endpoints that are common to all products. */
export type Product = 'futures' | 'spot' | 'option' | 'all';

/** Requests of any kind from one address within its window. */
export const ADDRESS_LIMIT = 600;
const UNLIMITED = 1_000_000;

/** Requests per second to an order endpoint. */
const TIERS: Readonly<Record<Exclude<LimitMode, 'off'>, { readonly futures: number; readonly spot: number }>> = {
  vip0: { futures: 10, spot: 20 },
  vip1: { futures: 20, spot: 25 },
  vip2: { futures: 40, spot: 30 },
  vip3: { futures: 60, spot: 40 },
  pro1: { futures: 200, spot: 200 },
  pro2: { futures: 400, spot: 400 },
  pro3: { futures: 600, spot: 600 },
  pro4: { futures: 800, spot: 800 },
  pro5: { futures: 1000, spot: 1000 },
  pro6: { futures: 1200, spot: 1200 },
  mm1: { futures: 600, spot: 600 },
  mm2: { futures: 800, spot: 800 },
  mm3: { futures: 1000, spot: 1000 },
};

const ORDER_ENDPOINT = /^\/v5\/order\/(create|amend|cancel|pre-check)/;
const BY_PRODUCT = /^\/v5\/(order|execution)\/|^\/v5\/position\/list$/;

/** Endpoints with the same limit at every level. */
const PER_SECOND: ReadonlyMap<string, number> = new Map([
  ['/v5/order/disconnected-cancel-all', 5],
  ['/v5/order/realtime', 50],
  ['/v5/order/history', 50],
  ['/v5/execution/list', 50],
  ['/v5/position/list', 50],
  ['/v5/position/set-leverage', 10],
  ['/v5/position/switch-mode', 10],
  ['/v5/account/wallet-balance', 50],
  ['/v5/account/info', 50],
  ['/v5/account/user-setting-config', 50],
  ['/v5/account/set-limit-px-action', 10],
  ['/v5/account/set-margin-mode', 5],
  ['/v5/account/instruments-info', 10],
  ['/v5/account/fee-rate', 5],
  ['/v5/account/query-dcp-info', 5],
  ['/v5/user/query-api', 10],
  ['/v5/asset/coin/query-info', 5],
]);

export function isOrderEndpoint(endpoint: string): boolean {
  return ORDER_ENDPOINT.test(endpoint);
}

/** The product line in which a request to `endpoint` counts. */
export function productOf(endpoint: string, category: string): Product {
  if (!BY_PRODUCT.test(endpoint)) return 'all';
  if (category === 'spot' || category === 'option') return category;
  return category === 'linear' || category === 'inverse' ? 'futures' : 'all';
}

/** Requests, or orders of batches, in any rolling second. Endpoints without their own limit have that of the address. */
export function limitOf(mode: LimitMode, endpoint: string, product: Product): number {
  if (mode === 'off') return UNLIMITED;
  if (!isOrderEndpoint(endpoint)) return PER_SECOND.get(endpoint) ?? ADDRESS_LIMIT;
  if (mode === 'vip0' && product === 'spot' && endpoint === '/v5/order/amend') return 10;
  if (mode === 'vip0' && product === 'option' && endpoint === '/v5/order/cancel-all') return 1;
  return TIERS[mode][product === 'spot' ? 'spot' : 'futures'];
}
