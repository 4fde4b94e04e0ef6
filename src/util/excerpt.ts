/** What keys and secrets are made of. */
const WORD = /[\w+/=-]/;

/** A JSON value as it is shown in a message. */
export function excerptOf(value: unknown, most: number): string {
  return excerpt(JSON.stringify(value) ?? 'missing', most);
}

/** The beginning of `text`, up to `most` characters of it, cut between words: the first few characters of a secret would pass redaction. */
export function excerpt(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = most;
  while (end > 0 && WORD.test(text.charAt(end)) && WORD.test(text.charAt(end - 1))) end -= 1;
  return `${text.slice(0, end)}...`;
}
