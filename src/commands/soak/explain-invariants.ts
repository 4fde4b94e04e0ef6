import { EXIT, type ExitCode } from '../../errors.ts';
import { RULES } from '../../harness/invariants/table.ts';
import type { Host } from '../../host.ts';
import { jsonText } from '../../util/json.ts';
import type { OutputOptions } from '../options/options.ts';
import { wrappedLines } from '../terminal/lines.ts';

/** Lists the invariants that a soak checks: meaning, the records that are checked, and when. */
export function explainInvariants({ stdout }: Host, { json }: Pick<OutputOptions, 'json'>): ExitCode {
  const invariants = RULES.map(({ id, name, meaning, sources, when, only }) => ({ id, name, meaning, sources, when, only: only ?? null }));
  if (json) stdout.write(jsonText({ schemaVersion: 1, command: 'soak', ok: true, invariants }));
  else for (const rule of invariants) stdout.write(wrappedLines(textOf(rule), stdout));
  return EXIT.ok;
}

function textOf({
  id,
  name,
  meaning,
  sources,
  when,
  only,
}: { readonly [K in 'id' | 'name' | 'meaning' | 'when']: string } & {
  readonly sources: readonly string[];
  readonly only: string | null;
}): string {
  const limits = only === null ? when : `${when}, ${only}`;
  return `${id.padEnd(4)} ${name}\n     ${meaning}\n     by ${sources.join(', ')}; ${limits}\n`;
}
