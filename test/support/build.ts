import { execa } from 'execa';
import { fileURLToPath } from 'node:url';

/** For vitest's `globalSetup` of the smoke project: they test the bundle, so it has to be this tree's. */
export async function setup(): Promise<void> {
  await execa('npm', ['run', '--silent', 'build'], { cwd: fileURLToPath(new URL('../..', import.meta.url)) });
}
