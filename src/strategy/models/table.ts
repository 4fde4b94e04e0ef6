import type { Settings } from '../../config/fields.ts';
import { avellanedaStoikov } from './avellaneda-stoikov.ts';
import { glft } from './glft.ts';
import type { QuotingModel } from './model.ts';
import { spread } from './spread.ts';

export type ModelName = Settings['quoting']['model'];

/** By the value of `quoting.model`. To add a model: a file here, its row, and its name among the choices of that setting. */
export const QUOTING_MODELS: Readonly<Record<ModelName, QuotingModel>> = {
  spread,
  'avellaneda-stoikov': avellanedaStoikov,
  glft,
};

export const MODEL_NAMES = Object.keys(QUOTING_MODELS).filter((name): name is ModelName => name in QUOTING_MODELS);
