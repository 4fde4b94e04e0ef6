import { InvalidArgumentError } from 'commander';

/** For commander: a URL of one of the protocols, without a slash at its end. */
export function urlParser(protocols: readonly string[]): (text: string) => string {
  return (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !protocols.includes(url.protocol)) {
      throw new InvalidArgumentError(`Expected a URL that begins with ${protocols.join('// or ')}//, was '${text}'.`);
    }
    if (url.username !== '' || url.password !== '' || /[?#]/.test(text))
      throw new InvalidArgumentError(`Expected a URL of ${url.host} without a name, a password, a query or a fragment.`);
    return text.replace(/\/+$/, '');
  };
}
