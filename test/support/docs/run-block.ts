import { execa } from 'execa';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { blocksOf, exitCodesOf, ROOT, type Block } from './documents.ts';

/** What a reader would have to change when they are taken. */
const PORTS = ['8099', '9464'];
const TIMEOUT_MS = 60_000;
/** What a clone does not have when it is fresh. */
const LEFTOVERS = new Set(['.git', '.mmbot', 'coverage', 'reports']);

/** What was wrong with a block, in words; undefined when it did what it says. */
export interface BlockResult {
  readonly place: string;
  readonly wrong: string | undefined;
}

/** Runs the blocks of a document for which `isChosen`, as they are written, one after the other, in a folder that looks like a fresh clone. */
export async function runBlocks(
  path: string,
  isChosen: (info: readonly string[]) => boolean,
  timeoutMs = TIMEOUT_MS,
): Promise<BlockResult[]> {
  const folder = cloneOf(ROOT);
  const ports = await Promise.all(PORTS.map(freePort));
  try {
    const results: BlockResult[] = [];
    const blocks = blocksOf(path);
    for (const [index, block] of blocks.entries()) {
      if (block.info[0] !== 'sh' || !isChosen(block.info)) continue;
      const shown = blocks[index + 1]?.info.includes('output') === true ? blocks[index + 1] : undefined;
      const wrong = await runBlock(block, shown, { folder, ports, timeoutMs });
      results.push({ place: `${path}:${block.line}`, wrong });
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Surroundings {
  readonly folder: string;
  /** In place of `PORTS`. */
  readonly ports: readonly string[];
  readonly timeoutMs: number;
}

async function runBlock(
  { info, code }: Block,
  shown: Block | undefined,
  { folder, ports, timeoutMs }: Surroundings,
): Promise<string | undefined> {
  const expected = exitCodesOf(info);
  const path = [join(folder, '.bin'), dirname(process.execPath), process.env['PATH']].join(':');
  const env = { PATH: path, HOME: folder };
  // Detached: what a block leaves running ends with its process group.
  const shell = execa('bash', ['-c', PORTS.reduce((text, port, index) => text.replaceAll(port, ports[index] ?? port), code)], {
    cwd: folder,
    env,
    extendEnv: false,
    reject: false,
    all: true,
    detached: true,
    timeout: timeoutMs,
  });
  const { exitCode, all } = await shell;
  endGroup(shell.pid);
  if (!expected.includes(exitCode ?? Number.NaN)) return `expected exit ${expected.join(' or ')}, was ${exitCode}:\n${all.slice(-2000)}`;
  const missing = shown === undefined ? undefined : firstMissing(shown.code, all);
  return missing === undefined ? undefined : `expected the line '${missing}' in:\n${all.slice(-4000)}`;
}

/** The first line that is shown and was not printed, in this order; `...` stands for any number of lines. */
function firstMissing(shown: string, printed: string): string | undefined {
  const lines = printed.split('\n').map((line) => line.trimEnd());
  let from = 0;
  for (const line of shown.trimEnd().split('\n')) {
    if (line === '...') continue;
    const index = lines.indexOf(line, from);
    if (index < 0) return line;
    from = index + 1;
  }
  return undefined;
}

function cloneOf(root: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'mmbot-docs-'));
  for (const name of readdirSync(root)) if (!LEFTOVERS.has(name)) symlinkSync(join(root, name), join(folder, name));
  mkdirSync(join(folder, '.bin'));
  symlinkSync(join(root, 'bin/mmbot.js'), join(folder, '.bin/mmbot'));
  return folder;
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it runs any more.
  }
}

function freePort(): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? String(address.port) : ''));
    });
  });
}
