import { execa } from 'execa';
import { fileURLToPath } from 'node:url';

/** For vitest's `globalSetup` of the projects that test the bundle: it has to be this tree's. Built once, however many of them run. */
export async function setup(): Promise<void> {
  if (process.env['MMBOT_TESTS_BUILT'] !== undefined) return;
  process.env['MMBOT_TESTS_BUILT'] = 'yes';
  await execa('npm', ['run', '--silent', 'build'], { cwd: fileURLToPath(new URL('../../..', import.meta.url)) });
}
