/** Six levels, each a quarter of the limit: where counting goes wrong the limit is passed at once. */
export const LIMITS = {
  'quoting.levels': 6,
  'quoting.orderSizeUsd': 380,
  'quoting.maxDeltaRatio': 0.26,
  'quoting.impactCapRatio': 1,
  'risk.maxPositionUsd': 1500,
  'risk.maxOrderUsd': 1000,
  'risk.softInventoryRatio': 0.9,
  'risk.hardInventoryRatio': 0.95,
  'risk.maxRejectsInRow': 100,
  'execution.filtersRefreshMs': 10_000,
  'execution.stopDeadlineMs': 12_000,
};
