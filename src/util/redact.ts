/** Fewer characters are no secret but a word, which may be the program's own. */
export const SHORTEST_SECRET = 12;
/** Parts of fewer characters may be what two secrets have in common: those of embedded exchanges begin alike. */
const PART = 16;
const HIDDEN = '[redacted]';

/**
 * A function that blots out `secrets` by value, wherever they stand in a text: whole, or in any part of sixteen characters or more.
 * Names of fields say little about where a secret ends up. Of one in several lines, such as a private key, each line is one.
 */
export function redactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const parts = [...new Set(secrets.flatMap((secret) => linesOf(secret ?? '').flatMap(partsOf)))];
  return (text) => {
    const hidden = new Set<number>();
    for (const part of parts) {
      for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
        for (let i = at; i < at + part.length; i += 1) hidden.add(i);
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

/** What is hidden by now. */
export class Redaction {
  readonly #hidden = new Set<string>();
  readonly #handedOut = new Set<string>();
  #redact = redactor([]);

  hide(secrets: readonly (string | undefined)[]): void {
    for (const secret of secrets) if (secret !== undefined) this.#hidden.add(secret);
    this.#refresh();
  }

  /** From now on these are shown: a program that makes keys has to print them. */
  handOut(secrets: readonly string[]): void {
    for (const secret of secrets) this.#handedOut.add(secret);
    this.#refresh();
  }

  apply(text: string): string {
    return this.#redact(text);
  }

  #refresh(): void {
    this.#redact = redactor([...this.#hidden].filter((secret) => !this.#handedOut.has(secret)));
  }
}

/** Its line breaks may be real ones, or written as `\n`. */
function linesOf(secret: string): readonly string[] {
  return secret.split(/\s+|\\[nr]/).filter((line) => line.length >= SHORTEST_SECRET);
}

/** Of a line that is not longer, the whole. */
function partsOf(line: string): readonly string[] {
  if (line.length <= PART) return [line];
  return Array.from({ length: line.length - PART + 1 }, (_, start) => line.slice(start, start + PART));
}
