import { farther } from '../../model/position.ts';
import { fullSize } from '../order-size.ts';
import type { ModelInputs, ModelTerms } from './model.ts';

/** Distance of both quotes from their center, and how far the center moves against the position for each unit of it. */
export interface ClosedForm {
  readonly half: number;
  readonly skewPerUnit: number;
}

/** A closed form whose unit of inventory is one full order, its unit of price a bp of fair value, and its unit of time a second. */
export function inBps({ half, skewPerUnit }: ClosedForm, inputs: ModelInputs): ModelTerms {
  return { half, skewBps: (skewPerUnit * farther(inputs.held)) / Math.max(1, fullSize(inputs, inputs.fairValue)) };
}
