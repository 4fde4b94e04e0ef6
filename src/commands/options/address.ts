import { InvalidArgumentError } from 'commander';

/** Parser for commander: a URL with one of the protocols, returned without a trailing slash. */
export function urlParser(protocols: readonly string[]): (text: string) => string {
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
