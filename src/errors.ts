/** Exit codes: one meaning each, in every command. */
export const EXIT = {
  ok: 0,
  /** The run is sound and the verdict is no. */
  failed: 1,
  /** Wrong flags, configuration or input; nothing was sent anywhere. */
  usage: 2,
  /** The exchange refused or could not be reached. */
  exchange: 3,
  /** Orders may still be open. */
  ordersRemain: 4,
  /** Too few samples or tests to judge. */
  inconclusive: 5,
  bug: 70,
  sigint: 130,
  sigterm: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that a person can act on. */
export class MmbotError extends Error {
  /** Stable snake_case word for programs. */
  readonly code: string;
  readonly exitCode: ExitCode;
  /** What to try. */
  readonly hint: string | undefined;

  constructor(details: { code: string; exitCode: ExitCode; message: string; hint?: string; cause?: unknown }) {
    super(details.message, { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.exitCode = details.exitCode;
    this.hint = details.hint;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
