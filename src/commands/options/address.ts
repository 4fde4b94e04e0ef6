import { InvalidArgumentError, Option, type Command } from 'commander';
import { VENUE_NAMES } from '../../config/venues.ts';

interface Place {
  /** What the command does there. */
  readonly venue: string;
  /** Whether it has the embedded exchange too, which is then the default. */
  readonly isEmbedded: boolean;
  /** What its WebSocket is for, if not for everything. */
  readonly wsUse?: string;
}

/** Where the exchange is: `--venue`, or `--rest-url` with `--ws-url`. */
export function addPlaceOptions(command: Command, { venue, isEmbedded, wsUse = '' }: Place): Command {
  const name = new Option('--venue <name>', venue);
  return command
    .addOption(isEmbedded ? name.choices(['embedded', ...VENUE_NAMES]).default('embedded') : name.choices(VENUE_NAMES))
    .addOption(restUrlOption('another exchange with the Bybit v5 API, such as mmbot exchange'))
    .addOption(wsUrlOption(`that exchange${wsUse}`));
}

export function restUrlOption(exchange: string): Option {
  return new Option('--rest-url <url>', `REST address of ${exchange}`).argParser(urlParser(['http:', 'https:']));
}

export function wsUrlOption(exchange: string): Option {
  return new Option('--ws-url <url>', `WebSocket address of ${exchange}`).argParser(urlParser(['ws:', 'wss:']));
}

/** Parser for commander: a URL with one of the protocols, returned without a trailing slash. */
function urlParser(protocols: readonly string[]): (text: string) => string {
  return (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !protocols.includes(url.protocol)) {
      throw new InvalidArgumentError(`Expected a URL that begins with ${protocols.join('// or ')}//, was '${text}'.`);
    }
    if (url.username !== '' || url.password !== '' || /[?#]/.test(text))
      throw new InvalidArgumentError(`Expected a URL of ${url.host} without user name, password, query or fragment.`);
    return text.replace(/\/+$/, '');
  };
}
