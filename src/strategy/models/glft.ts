import { inBps, type ClosedForm } from './closed-form.ts';
import type { QuotingModel } from './model.ts';

export const glft: QuotingModel = {
  isAdaptive: false,
  terms(inputs) {
    const { volatilityBps: sigma, flow, settings } = inputs;
    const { riskAversionPerBps: gamma } = settings.quoting;
    return inBps(glftForm({ gamma, sigma, intensity: flow.perSecond, decay: flow.decayPerBps, size: 1 }), inputs);
  },
};

/**
 * Guéant, Lehalle and Fernandez-Tapia (2012), the stationary approximation with ξ = γ: half = c₁ + Δσc₂/2, skew σc₂ per
 * unit, c₁ = ln(1 + γΔ/k)/(γΔ), c₂ = √(γ/(2AΔk) · (1 + γΔ/k)^(k/(γΔ) + 1)). `size`: Δ, units of one order.
 */
export function glftForm(terms: {
  readonly gamma: number;
  readonly sigma: number;
  readonly intensity: number;
  readonly decay: number;
  readonly size: number;
}): ClosedForm {
  const { gamma, sigma, intensity, decay, size } = terms;
  const risk = gamma * size;
  const c1 = Math.log(1 + risk / decay) / risk;
  const c2 = Math.sqrt((gamma / (2 * intensity * size * decay)) * (1 + risk / decay) ** (decay / risk + 1));
  return { half: c1 + (size / 2) * sigma * c2, skewPerUnit: sigma * c2 };
}
