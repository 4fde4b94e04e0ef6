import type { z } from 'zod';

/** What one reply or message is, and what is wrong with it. */
export interface Verdict {
  /** `GET /v5/order/realtime linear`, `private order`, `trade order.create`. */
  readonly name: string;
  /** It does what was asked: not a refusal. */
  readonly isSuccess: boolean;
  readonly issues: readonly string[];
}

export function issuesOf(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return error === undefined ? [] : error.issues.flatMap((issue) => describe(issue));
}

/** Of a union, the attempt that came closest. */
function describe(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): string[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const attempts = issue.errors.map((issues) => issues.flatMap((each) => describe(each, path)));
    return attempts.reduce((best, each) => (each.length < best.length ? each : best));
  }
  return [`${path.join('.')}: ${issue.message}`];
}
