import type { ApiCredentials } from '../../config/credentials.ts';
import type { EmergencyLine } from '../../config/emergency.ts';
import { isObject, listIn, objectIn, parseJson, textIn } from '../../util/json.ts';

/** BEAT: sent by the bot as a sign of life, and echoed by the guard. DONE: the bot has canceled and verified, so the guard may end. */
export const BEAT = 'beat';
export const DONE = 'done';
/** Sent by the guard: it believes that the bot is dead and cancels all orders. */
export const ACTS = 'acts';

/** The bot's first line. Secrets are sent through the pipe, because others can read the environment of a running process. */
export interface Handover {
  readonly credentials: ApiCredentials;
  /** Lock names that the guard holds while it runs. */
  readonly names: readonly string[];
  /** Others may have orders on this account, which must stay. */
  readonly isShared: boolean;
  /** What a person has to run if the guard gives up. */
  readonly emergency: EmergencyLine | undefined;
}

export function handoverLine({ credentials: { apiKey, secret }, names, isShared, emergency }: Handover): string {
  return JSON.stringify({ apiKey, secret, names, isShared, emergency });
}

/** Undefined when the line is not a handover. */
export function handoverIn(line: string): Handover | undefined {
  const content = parseJson(line);
  if (!isObject(content)) return undefined;
  const credentials = { apiKey: textIn(content['apiKey']), secret: textIn(content['secret']) };
  if (credentials.apiKey === '' || credentials.secret === '') return undefined;
  const [lead, command] = ['lead', 'command'].map((name) => textIn(objectIn(content['emergency'])[name]));
  const emergency = lead === undefined || !command ? undefined : { lead, command };
  return { credentials, names: listIn(content['names']).map(textIn), isShared: content['isShared'] === true, emergency };
}
