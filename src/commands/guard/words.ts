import type { ApiCredentials } from '../../config/credentials.ts';
import { isObject, listIn, parseJson, textIn } from '../../util/json.ts';

/** From the bot: it is alive, as from the guard, which answers each; and all is canceled and proven, the guard may go. */
export const BEAT = 'beat';
export const DONE = 'done';
/** From the guard: it takes the bot for dead and cancels everything. */
export const ACTS = 'acts';

/** The bot's first line. Secrets go by this pipe: an environment can be read as long as its process lives. */
export interface Handover {
  readonly credentials: ApiCredentials;
  /** What the guard holds from its start to its end. */
  readonly names: readonly string[];
}

export function handoverLine({ credentials: { apiKey, secret }, names }: Handover): string {
  return JSON.stringify({ apiKey, secret, names });
}

/** Undefined when it is none. */
export function handoverIn(line: string): Handover | undefined {
  const content = parseJson(line);
  if (!isObject(content)) return undefined;
  const credentials = { apiKey: textIn(content['apiKey']), secret: textIn(content['secret']) };
  if (credentials.apiKey === '' || credentials.secret === '') return undefined;
  return { credentials, names: listIn(content['names']).map(textIn) };
}
