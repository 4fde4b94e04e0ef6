/** Reasons for which an order ended unfilled: Bybit’s `cancelType` and `rejectReason`. */
export const ENDINGS = {
  byUser: ['CancelByUser', 'EC_PerCancelRequest'],
  byReduceOnly: ['CancelByReduceOnly', 'EC_NoError'],
  wouldTake: ['UNKNOWN', 'EC_PostOnlyWillTakeLiquidity'],
  expired: ['UNKNOWN', 'EC_NoImmediateQtyToFill'],
  killed: ['UNKNOWN', 'EC_CancelForNoFullFill'],
  selfMatch: ['CancelBySmp', 'EC_BySelfMatch'],
  byAdmin: ['CancelByAdmin', 'EC_NoError'],
  byDisconnect: ['CancelByDCP', 'EC_NoError'],
  beforeLiquidation: ['CancelAllBeforeLiq', 'EC_NoError'],
  withPosition: ['CancelByTpSlTsClear', 'EC_NoError'],
  rejected: ['UNKNOWN', 'EC_Others'],
} as const;

export type Ending = keyof typeof ENDINGS;
