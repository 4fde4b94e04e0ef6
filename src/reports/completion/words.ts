/** What a shell has to know of a command. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** Of each argument that is no option; undefined when there are none. */
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
  /** `prefixes`: words that the user goes on writing after. `any`: nothing to offer. */
  readonly kind: 'words' | 'prefixes' | 'words or files' | 'files' | 'folders' | 'any';
  /** As the help calls it. */
  readonly name: string;
  readonly words: readonly string[];
}

/** One word of a shell, whatever is in it: the same in all three. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
