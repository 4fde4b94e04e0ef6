import { execa, execaSync } from 'execa';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { folderWith } from '../program/folders.ts';

/** Why a test that needs Redis is skipped; undefined when it is installed. */
export function missingRedis(): string | undefined {
  if (execaSync('redis-server', ['--version'], { reject: false }).exitCode === 0) return undefined;
  return 'redis-server is not installed: apt-get install redis-server';
}

export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** As if the machine lost its power. */
  kill(): Promise<void>;
  /** On the same port, with what is on its disk. */
  start(): Promise<void>;
  /** What `redis-cli` answers. */
  cli(...args: string[]): Promise<string>;
}

/** A Redis on a free loopback port until the test ends, with an append-only file. `options`: for its command line. */
export async function startRedis(...options: string[]): Promise<TestRedis> {
  const folder = folderWith();
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes', ...options];
  let end = (): Promise<void> => Promise.resolve();
  onTestFinished(() => end());
  const cli = async (...words: string[]): Promise<string> => {
    const { stdout } = await execa('redis-cli', ['-p', String(port), ...words], { reject: false });
    return stdout;
  };
  const start = async (): Promise<void> => {
    const child = execa('redis-server', args, { reject: false, all: true });
    let hasEnded = false;
    const ended = child.then(() => {
      hasEnded = true;
    });
    end = async () => {
      child.kill('SIGKILL');
      await ended;
    };
    while (!/PONG|NOAUTH/.test(await cli('ping'))) {
      if (hasEnded) throw new Error(`redis-server ended: ${(await child).all}`);
      await pause(50);
    }
  };
  await start();
  return { port, url: `redis://127.0.0.1:${port}`, kill: () => end(), start, cli };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
