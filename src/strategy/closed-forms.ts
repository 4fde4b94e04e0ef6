/** Distance of both quotes from their centre, and how far the centre moves against the position for each unit of it. */
export interface ClosedForm {
  readonly half: number;
  readonly skewPerUnit: number;
}

/**
 * Avellaneda and Stoikov (2008): reservation price s - qγσ²τ, full spread γσ²τ + (2/γ) ln(1 + γ/k). In any unit of price,
 * as long as σ (per root of time), 1/γ and 1/k share it; `horizon` is the time left in the same time.
 */
export function avellanedaStoikov(terms: {
  readonly gamma: number;
  readonly sigma: number;
  readonly decay: number;
  readonly horizon: number;
}): ClosedForm {
  const { gamma, sigma, decay, horizon } = terms;
  const skewPerUnit = gamma * sigma * sigma * horizon;
  return { half: skewPerUnit / 2 + Math.log(1 + gamma / decay) / gamma, skewPerUnit };
}

/**
 * Guéant, Lehalle and Fernandez-Tapia (2012), the stationary approximation with ξ = γ: half = c₁ + Δσc₂/2, skew σc₂ per
 * unit, c₁ = ln(1 + γΔ/k)/(γΔ), c₂ = √(γ/(2AΔk) · (1 + γΔ/k)^(k/(γΔ) + 1)). `size`: Δ, units of one order.
 */
export function glft(terms: {
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
