import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { folderHeld } from '../../../src/store/files.ts';
import { claimInstance, HALTED, haltInstance, isHeld, LOCK_TAKEN, untilFree, type Instance } from '../../../src/store/instance.ts';
import { socketFolder } from '../../../src/store/socket-folder.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { randomId, systemRandom } from '../../../src/util/random.ts';
import { defined } from '../../../src/util/assert.ts';
import { withResolvers } from '../../../src/util/promise.ts';
import { folderWith } from '../../support/program/folders.ts';

test('one process holds a name; it is free again when it is released', async () => {
  const name = randomId(systemRandom, 12);
  const first = defined(await claimInstance(name, () => undefined), 'first');
  expect(await claimInstance(name, () => undefined)).toBeUndefined();
  await first.release();
  const second = defined(await claimInstance(name, () => undefined), 'second');
  await second.release();
});

test('a halt is confirmed only after the bot has stopped placing orders', async () => {
  const name = randomId(systemRandom, 12);
  const order: string[] = [];
  const instance = defined(await claimInstance(name, () => order.push('fenced')), 'instance');
  order.push(await haltInstance(name, systemClock, 5000));
  expect(order).toEqual(['fenced', 'halted']);
  await instance.release();
});

test('without a running bot there is nothing to halt', async () => {
  expect(await haltInstance(randomId(systemRandom, 12), systemClock, 5000)).toBe('none');
});

/** Holds `name` in a process of its own, until that is killed. It deletes a socket that is there, and has its own at once. */
async function heldElsewhere(name: string, backlog = 511): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      '-e',
      `require('node:fs').rmSync(process.argv[1], { force: true });
      require('node:net').createServer().listen(process.argv[1], ${backlog}, () => console.log('held'))`,
      pathOf(name),
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(defined(child.stdout, 'stdout'), 'data');
  return child;
}

const pathOf = (name: string): string => join(socketFolder(), `${name}.sock`);

test('a name whose holder was killed is free, for one of all who want it', async () => {
  const name = randomId(systemRandom, 12);
  const holder = await heldElsewhere(name);
  expect(await claimInstance(name, () => undefined)).toBeUndefined();
  holder.kill('SIGSTOP');
  expect(await claimInstance(name, () => undefined)).toBeUndefined();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const claims = await Promise.all(Array.from({ length: 8 }, () => claimInstance(name, () => undefined)));
  const held = claims.filter((claim) => claim !== undefined);
  expect(held).toHaveLength(1);
  await held[0]?.release();
});

describe('a lock folder that was left by a process that died', () => {
  const abandoned = (): string => {
    const path = join(folderWith(), 'clearing');
    mkdirSync(path);
    utimesSync(path, 0, 0);
    return path;
  };

  test('is taken over, again and again', () => {
    const path = abandoned();
    for (let i = 0; i < 3; i += 1) {
      using held = folderHeld(path);
      using second = folderHeld(path);
      expect([held.isOurs, second.isOurs]).toEqual([true, false]);
    }
  });

  test('is taken over by one process only, also when two find it at the same moment', () => {
    const path = abandoned();
    // The other process takes it between this one's look at the folder and what it does then.
    let other: ReturnType<typeof folderHeld> | undefined;
    const clock = vi.spyOn(systemClock, 'now').mockImplementationOnce(() => {
      other = folderHeld(path);
      return Date.now();
    });
    onTestFinished(() => clock.mockRestore());
    using held = folderHeld(path);
    expect([other?.isOurs, held.isOurs]).toEqual([true, false]);
    // Who does not hold it releases nothing.
    held[Symbol.dispose]();
    using third = folderHeld(path);
    expect(third.isOurs).toBe(false);
  });

  test('does not keep a name from being claimed whose holder was killed', async () => {
    const name = randomId(systemRandom, 12);
    const holder = await heldElsewhere(name);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const clearing = `${pathOf(name)}.clearing`;
    onTestFinished(() => rmSync(clearing, { recursive: true, force: true }));
    mkdirSync(clearing);
    expect(await claimInstance(name, () => undefined)).toBeUndefined();
    utimesSync(clearing, 0, 0);
    const claim = defined(await claimInstance(name, () => undefined), 'claim');
    await claim.release();
  });
});

test('no other user can enter the folder of the locks', () => {
  const { mode, uid } = statSync(socketFolder());
  expect([mode & 0o777, uid]).toEqual([0o700, process.getuid?.()]);
});

describe('when another user has taken the name of the folder', () => {
  const own = `mmbot-${process.getuid?.()}`;
  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  test.each<[string, (path: string) => void]>([
    ['that others may look into', (path) => (mkdirSync(path), chmodSync(path, 0o755))],
    ['that others may write into', (path) => (mkdirSync(path), chmodSync(path, 0o777))],
    ['that is a file', (path) => writeFileSync(path, '', { mode: 0o600 })],
    ['that is a link to one of our own', (path) => (mkdirSync(`${path}-real`, { mode: 0o700 }), symlinkSync(`${path}-real`, path))],
  ])('one %s is passed over, also when it goes again', (_, squat) => {
    const base = folderWith();
    squat(join(base, own));
    expect(socketFolder(base)).toBe(join(base, `${own}-1`));
    expect(modeOf(join(base, `${own}-1`))).toBe(0o700);
    rmSync(join(base, own), { recursive: true });
    expect(socketFolder(base)).toBe(join(base, `${own}-1`));
  });

  test('and all alternatives, locking fails', () => {
    const base = folderWith();
    for (const name of [own, ...Array.from({ length: 9 }, (_, i) => `${own}-${i + 1}`)]) writeFileSync(join(base, name), '');
    expect(() => socketFolder(base)).toThrow(expect.objectContaining({ exitCode: 2, code: 'no_lock_folder' }));
  });
});

test('an unknown command does not halt the bot', async () => {
  const name = randomId(systemRandom, 12);
  let isHalted = false;
  const instance = defined(
    await claimInstance(name, () => {
      isHalted = true;
    }),
    'instance',
  );
  const socket = createConnection(pathOf(name));
  socket.write('GET / HTTP/1.1\r\n');
  socket.resume();
  socket.on('error', () => undefined);
  await once(socket, 'close');
  expect(isHalted).toBe(false);
  await instance.release();
});

test('the wait for a lock has a timeout', async () => {
  const name = randomId(systemRandom, 12);
  const instance = defined(await claimInstance(name, () => undefined), 'instance');
  expect(await untilFree(name, systemClock, 50, () => undefined)).toBe(false);
  await instance.release();
  expect(await untilFree(name, systemClock, 5000, () => undefined)).toBe(true);
});

/** Connects until the system takes no more for a process that does not answer. */
async function filled(name: string): Promise<void> {
  for (let i = 0; i < 100; i += 1) {
    const socket = createConnection(pathOf(name));
    onTestFinished(() => void socket.destroy());
    const code = await new Promise<string | undefined>((resolve) => {
      socket.once('connect', () => resolve(undefined));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    if (code !== undefined) return expect(code).toBe('EAGAIN');
  }
  return expect.unreachable('there was room for all');
}

test('a lock whose holder cannot be reached is not free', async () => {
  const name = randomId(systemRandom, 12);
  const holder = await heldElsewhere(name, 1);
  holder.kill('SIGSTOP');
  await filled(name);
  expect(await haltInstance(name, systemClock, 5000)).toBe('unconfirmed');
  expect(await isHeld(name)).toBe(true);
  expect(await claimInstance(name, () => undefined)).toBeUndefined();
  const waits: string[] = [];
  expect(await untilFree(name, systemClock, 300, () => waits.push('held'))).toBe(false);
  // Asked a few times a second, not as often as the machine can.
  expect(waits.length).toBeGreaterThan(0);
  expect(waits.length).toBeLessThan(10);
  const free = untilFree(name, systemClock, 5000, () => undefined);
  holder.kill('SIGKILL');
  expect(await free).toBe(true);
});

describe('a lock whose socket is deleted while it is held', () => {
  const deleted = async (name: string, onHalt: (reason: string) => void): Promise<Instance> => {
    const instance = defined(await claimInstance(name, onHalt), 'instance');
    onTestFinished(() => instance.release());
    rmSync(pathOf(name));
    return instance;
  };

  test('is made again, and can be halted as before', async () => {
    const name = randomId(systemRandom, 12);
    const reasons: string[] = [];
    const instance = await deleted(name, (reason) => reasons.push(reason));
    await vi.waitUntil(() => isHeld(name), { timeout: 10_000 });
    expect(await claimInstance(name, () => undefined)).toBeUndefined();
    expect(await haltInstance(name, systemClock, 5000)).toBe('halted');
    expect(reasons).toEqual([HALTED]);
    await instance.release();
    expect(await isHeld(name)).toBe(false);
  });

  test('stops its holder when another process has taken it', async () => {
    const name = randomId(systemRandom, 12);
    const taken = withResolvers<string>();
    const instance = defined(await claimInstance(name, taken.resolve), 'instance');
    await heldElsewhere(name);
    expect(await taken.promise).toBe(LOCK_TAKEN);
    await instance.release();
    expect(await isHeld(name)).toBe(true);
  });
});
