/** A shorter text is not treated as a secret: it may be a common word, which redaction would remove from messages. */
export const SHORTEST_SECRET = 12;
/** Length of the parts that are redacted. Shorter parts may be common to several secrets: those of embedded exchanges begin alike. */
const PART = 16;
const HIDDEN = '[redacted]';

/**
 * Returns a function that redacts `secrets` by value anywhere in a text: as a whole, or any part of sixteen characters or more. Field names
 * would not show where a secret ends up. Each line of a secret with several lines, such as a private key, counts as one.
 */
export function redactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const parts = [
    ...new Set(
      secrets.flatMap((secret) =>
        linesOf(secret ?? '')
          .flatMap(formsOf)
          .flatMap(partsOf),
      ),
    ),
  ];
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

/** The secrets that are redacted now. */
export class Redaction {
  readonly #hidden = new Set<string>();
  readonly #handedOut = new Set<string>();
  #redact = redactor([]);

  hide(secrets: readonly (string | undefined)[]): void {
    for (const secret of secrets) if (secret !== undefined) this.#hidden.add(secret);
    this.#refresh();
  }

  /** Excludes these from redaction: a program that creates keys has to print them. */
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

/** Lines of a secret; line breaks may be real ones or written as `\n`. */
function linesOf(secret: string): readonly string[] {
  return secret.split(/\s+|\\[nr]/).filter((line) => line.length >= SHORTEST_SECRET);
}

/** As it is, and as a URL writes it. */
function formsOf(line: string): readonly string[] {
  return [line, encodeURIComponent(line)];
}

/** Parts of a line; a short line is one part. */
function partsOf(line: string): readonly string[] {
  if (line.length <= PART) return [line];
  return Array.from({ length: line.length - PART + 1 }, (_, start) => line.slice(start, start + PART));
}
