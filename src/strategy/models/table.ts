import type { Settings } from '../../config/fields.ts';
import { avellanedaStoikov } from './avellaneda-stoikov.ts';
import { glft } from './glft.ts';
import type { QuotingModel } from './model.ts';
import { spread } from './spread.ts';

/** By the value of `quoting.model`. To add a model: a file here, its row, and its name among the choices of that setting. */
export const QUOTING_MODELS: Readonly<Record<Settings['quoting']['model'], QuotingModel>> = {
  spread,
  'avellaneda-stoikov': avellanedaStoikov,
  glft,
};
