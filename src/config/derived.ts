import type { Settings } from './fields.ts';

/** Figures that follow from several settings together, for warnings and for the changes that reports propose. */

/** The value of an order of full size, in settle coin: the smallest of the three settings that bound it. */
export function fullOrderUsd({ quoting, risk }: Pick<Settings, 'quoting' | 'risk'>): number {
  return Math.min(quoting.orderSizeUsd, quoting.maxDeltaRatio * risk.maxPositionUsd, risk.maxOrderUsd);
}

/** The setting that bounds it: the order size is never above `risk.maxOrderUsd`. */
export function fullOrderKey(settings: Settings): 'quoting.orderSizeUsd' | 'quoting.maxDeltaRatio' {
  return fullOrderUsd(settings) === settings.quoting.orderSizeUsd ? 'quoting.orderSizeUsd' : 'quoting.maxDeltaRatio';
}

/** Orders of `usd` and a little more, as options that the other settings allow. */
export function orderSizeRemedy({ quoting, risk }: Settings, usd: number): string {
  const enough = Math.ceil(usd * 1.1);
  if (enough > risk.maxOrderUsd) return `a symbol with smaller orders, or a higher risk.maxOrderUsd (${risk.maxOrderUsd})`;
  const deltaRatio = Math.min(1, Math.ceil((enough / risk.maxPositionUsd) * 100) / 100);
  return [
    ...(quoting.orderSizeUsd < enough ? [`--set quoting.orderSizeUsd=${enough}`] : []),
    ...(quoting.maxDeltaRatio < deltaRatio ? [`--set quoting.maxDeltaRatio=${deltaRatio}`] : []),
  ].join(' ');
}

/** The share of the maximum position that an order of full size makes. */
function orderShare(settings: Settings): number {
  return fullOrderUsd(settings) / settings.risk.maxPositionUsd;
}

/** Changes per minute that all levels ask for when each order moves as soon as its age allows. */
export function changesPerMinute({ levels, maxOrderAgeMs }: Settings['quoting']): number {
  return Math.ceil((2 * levels * 60_000) / Math.max(1, maxOrderAgeMs));
}

/** The age at which changes fit a rate per minute, ms. */
function fittingAgeMs({ levels }: Settings['quoting'], perMinute: number): number {
  return Math.min(600_000, Math.ceil((2 * levels * 60_000) / Math.max(1, perMinute)));
}

/** The most that `quoting.replacesPerMinute` accepts. */
const MOST_PER_MINUTE = 6000;

/** How to let changes leave sooner: a higher rate as far as the lane of the exchange's limit allows, or fewer changes. */
export function rateRemedy({ quoting, execution }: Settings): string {
  const fewer = `a higher quoting.repriceThresholdBps (${quoting.repriceThresholdBps})${quoting.levels > 1 ? ', or fewer levels' : ''}`;
  const asked = changesPerMinute(quoting);
  const most = Math.min(MOST_PER_MINUTE, 60 * execution.opsPerSecond);
  const rate = Math.min(most, Math.max(asked, 2 * quoting.replacesPerMinute));
  const isRaised = rate > quoting.replacesPerMinute;
  const possible = Math.max(rate, quoting.replacesPerMinute);
  const options = [
    ...(isRaised ? [`--set quoting.replacesPerMinute=${rate}`] : []),
    ...(asked > possible ? [`--set quoting.maxOrderAgeMs=${fittingAgeMs(quoting, possible)}`] : []),
  ];
  return options.length === 0 ? fewer : `${options.join(' ')}, or ${fewer}`;
}

/** Fills in one direction that a position should take before HARD stops one side. */
const FILLS_TO_HARD = 5;

/** How many fills of full size in one direction reach the HARD level of inventory. */
export function fillsToHard(settings: Settings): number {
  return settings.risk.hardInventoryRatio / orderShare(settings);
}

export function inventoryRemedy(settings: Settings): string {
  const share = orderShare(settings);
  const { hardInventoryRatio, maxPositionUsd } = settings.risk;
  const found = `one order is ${shareText(share)} of risk.maxPositionUsd ${maxPositionUsd}, and HARD is at ${shareText(hardInventoryRatio)}`;
  const hard = Math.min(0.9, Math.max(hardInventoryRatio, FILLS_TO_HARD * share));
  if (hard > hardInventoryRatio) {
    const gate = riskGate(settings, hard);
    const gateToo = gate > settings.thresholds.riskRatioP95 ? ` --set thresholds.riskRatioP95=${gate}` : '';
    return `--set risk.hardInventoryRatio=${ratio(hard)} --set risk.softInventoryRatio=${ratio(0.6 * hard)}${gateToo} (${found})`;
  }
  return `a smaller quoting.orderSizeUsd, a larger quoting.skewBpsPerPercent, or a higher risk.hardInventoryRatio (${found})`;
}

/** The highest risk ratio with HARD inventory at `hard`: it stops the side that grows the position, and what rests then may still fill. */
export function highestRiskRatio(settings: Settings, hard: number): number {
  return Math.min(1, hard + settings.quoting.levels * orderShare(settings));
}

/** A gate of the risk ratio that can fail, and need not. */
export function riskGate(settings: Settings, hard: number): number {
  return Math.ceil(highestRiskRatio(settings, hard) * 80) / 100;
}

/** A wider base spread, as options that the other settings allow. */
export function spreadOption({ quoting }: Settings, bps: number): string {
  const spread = Math.min(500, Math.ceil(bps * 10) / 10);
  // An adaptive spread may not be narrower than the base spread.
  const isTooWide = quoting.adaptive && quoting.model === 'spread' && spread > quoting.adaptiveMaxBps;
  return `--set quoting.baseSpreadBps=${spread.toFixed(1)}${isTooWide ? ' --set quoting.adaptive=false' : ''}`;
}

/** The spread of model `spread` in a calm market, bps. */
export function calmSpreadBps({ quoting }: Settings): number {
  const adaptive = quoting.adaptive && quoting.model === 'spread' ? quoting.adaptiveBaseBps : 0;
  return Math.max(quoting.baseSpreadBps, adaptive);
}

/** An amount for a sentence: whole USD, or cents below ten. */
export function usdText(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0);
}

/** A share of a setting, with two significant digits. */
export function shareText(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

function ratio(value: number): string {
  return String(Math.ceil(value * 10_000 - 1e-9) / 10_000);
}
