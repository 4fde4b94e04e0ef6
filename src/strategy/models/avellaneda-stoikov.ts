import { inBps, type ClosedForm } from './closed-form.ts';
import type { QuotingModel } from './model.ts';

export const avellanedaStoikov: QuotingModel = {
  isAdaptive: false,
  terms(inputs) {
    const { volatilityBps: sigma, flow, settings } = inputs;
    const { riskAversionPerBps: gamma, horizonMs } = settings.quoting;
    return inBps(avellanedaStoikovForm({ gamma, sigma, decay: flow.decayPerBps, horizon: horizonMs / 1000 }), inputs);
  },
};

/**
 * Avellaneda and Stoikov (2008): reservation price s - qγσ²τ, full spread γσ²τ + (2/γ) ln(1 + γ/k). In any unit of price,
 * as long as σ (per root of time), 1/γ and 1/k share it; `horizon` is the time left in the same time.
 */
export function avellanedaStoikovForm(terms: {
  readonly gamma: number;
  readonly sigma: number;
  readonly decay: number;
  readonly horizon: number;
}): ClosedForm {
  const { gamma, sigma, decay, horizon } = terms;
  const skewPerUnit = gamma * sigma * sigma * horizon;
  return { half: skewPerUnit / 2 + Math.log(1 + gamma / decay) / gamma, skewPerUnit };
}
