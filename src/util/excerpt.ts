/** A character that keys and secrets may contain. */
const WORD = /[\w+/=-]/;

/** A JSON value for a message, shortened to `most` characters. */
export function excerptOf(value: unknown, most: number): string {
  return excerpt(JSON.stringify(value) ?? 'missing', most);
}

/** The beginning of `text`, up to `most` characters of it, cut between words, because redaction does not recognize a few characters of a secret. */
export function excerpt(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = most;
  while (end > 0 && WORD.test(text.charAt(end)) && WORD.test(text.charAt(end - 1))) end -= 1;
  return `${text.slice(0, end)}...`;
}
