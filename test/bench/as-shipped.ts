import { execa } from 'execa';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** Runs a script of this folder as mmbot itself runs, bundled and in a process of its own, and returns what it writes as JSON. */
export async function runAsShipped(script: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'mmbot-bench-'));
  try {
    const bundle = await rolldown({
      input: fileURLToPath(new URL(script, import.meta.url)),
      platform: 'node',
      logLevel: 'silent',
      transform: { target: 'node20' },
      external: ['bufferutil', 'utf-8-validate', 'typescript'],
    });
    await bundle.write({ dir: folder, format: 'esm', entryFileNames: 'bench.mjs', chunkFileNames: '[name]-[hash].mjs' });
    const { stdout } = await execa('node', ['--expose-gc', join(folder, 'bench.mjs')], { env });
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}
