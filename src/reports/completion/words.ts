/** What a completion script needs to know about a command. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** Completion of the positional arguments; undefined when there are none. */
  readonly operand: CompletedValue | undefined;
}

export interface CompletedOption {
  /** Such as `-h` and `--help`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Undefined for a switch. */
  readonly value: CompletedValue | undefined;
  readonly isRepeatable: boolean;
}

export interface CompletedValue {
  /** `prefixes`: the user continues typing after the completed word. `any`: nothing to offer. */
  readonly kind: 'words' | 'prefixes' | 'words or files' | 'files' | 'folders' | 'any';
  /** The name in the help text. */
  readonly name: string;
  readonly words: readonly string[];
}

/** Quotes `text` as one shell word; the quoting is the same in all three shells. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
