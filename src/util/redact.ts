const SHORTEST = 8;
const HIDDEN = '[redacted]';

/**
 * A function that blots out `secrets` by value, wherever they stand in a text: whole, or in any part of eight characters
 * or more. Names of fields say little about where a secret ends up.
 */
export function redactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const windows = secrets.flatMap((secret) => windowsOf(secret ?? ''));
  return (text) => {
    const hidden = new Set<number>();
    for (const window of windows) {
      for (let at = text.indexOf(window); at >= 0; at = text.indexOf(window, at + 1)) {
        for (let i = at; i < at + window.length; i += 1) hidden.add(i);
      }
    }
    if (hidden.size === 0) return text;
    let shown = '';
    for (let i = 0; i < text.length; i += 1) {
      if (!hidden.has(i)) shown += text[i];
      else if (!hidden.has(i - 1)) shown += HIDDEN;
    }
    return shown;
  };
}

/** A shorter secret only as a whole. */
function windowsOf(secret: string): string[] {
  if (secret === '') return [];
  if (secret.length <= SHORTEST) return [secret];
  return Array.from({ length: secret.length - SHORTEST + 1 }, (_, start) => secret.slice(start, start + SHORTEST));
}
