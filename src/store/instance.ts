import { createConnection } from 'node:net';
import { join } from 'node:path';
import { backgroundClock, every, type Clock } from '../util/clock.ts';
import { folderHeld, removeFile } from './files.ts';
import { HALT, isDead, isNobody, listenAt, type LockSocket } from './lock-socket.ts';
import { socketFolder } from './socket-folder.ts';

/**
 * Lock for one trading process, or one guard, per account: a local socket in a folder of this OS user. Only one process can listen on it, and
 * it is free when that process ends, even after `kill -9`. mmbot cancel-all halts a bot through it: a client that connects can send a halt and
 * gets a reply when the bot has halted. Something may clean up the folder while the process runs: a socket that is missing is made again.
 */
export interface Instance extends AsyncDisposable {
  release(): Promise<void>;
}

/** Pause between two attempts to connect to a holder. */
const AGAIN_MS = 100;
/** How often a holder looks whether its socket is still there. */
const LOOK_MS = 1000;

/** Why a process may no longer place orders, as the reason of a freeze. */
export const HALTED = 'halted by mmbot cancel-all';
export const LOCK_TAKEN = 'the lock of this account was deleted, and another process has taken it';

/**
 * Locks `name`; undefined when another process holds it. `onHalt` is called with the reason when mmbot cancel-all halts this process, or when
 * the lock was deleted and another process has it now; it must have stopped the bot from placing orders when it returns.
 */
export async function claimInstance(name: string, onHalt: (reason: string) => void): Promise<Instance | undefined> {
  const claim = (): Promise<LockSocket | undefined> => claimSocket(pathOf(name), () => onHalt(HALTED));
  const first = await claim();
  return first === undefined ? undefined : keptInstance(first, claim, () => onHalt(LOCK_TAKEN));
}

async function claimSocket(path: string, onHalt: () => void): Promise<LockSocket | undefined> {
  const first = await listenAt(path, onHalt);
  if (first !== undefined || !(await isDead(path))) return first;
  // Its holder was killed. Only one process at a time may clear the path, or the second would remove the new socket of the first.
  using clearing = folderHeld(`${path}.clearing`);
  if (!clearing.isOurs || !(await isDead(path))) return undefined;
  removeFile(path);
  return await listenAt(path, onHalt);
}

/** Claims the lock again whenever its socket is gone; `onTaken` is called when another process has claimed it before. */
function keptInstance(first: LockSocket, claim: () => Promise<LockSocket | undefined>, onTaken: () => void): Instance {
  const sockets = [first];
  let claiming = Promise.resolve();
  let isClaiming = false;
  const claimAgain = async (): Promise<void> => {
    const socket = await claim();
    if (socket !== undefined) return void sockets.push(socket);
    endLooks();
    onTaken();
  };
  const endLooks = every(backgroundClock, LOOK_MS, () => {
    if (isClaiming || sockets.at(-1)?.isInPlace() === true) return;
    isClaiming = true;
    const done = (): void => {
      isClaiming = false;
    };
    // Without a file descriptor or the folder, the next look tries again.
    claiming = claimAgain().then(done, done);
  });
  const release = async (): Promise<void> => {
    endLooks();
    await claiming;
    await Promise.all(sockets.map((socket) => socket.close()));
  };
  return { release, [Symbol.asyncDispose]: release };
}

/** `none`: no process holds `name`. `unconfirmed`: a process holds it, or may, and did not confirm in time that it has halted. */
export async function haltInstance(name: string, clock: Clock, patienceMs: number): Promise<'none' | 'halted' | 'unconfirmed'> {
  const path = pathOf(name);
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const settle = (outcome: 'none' | 'halted' | 'unconfirmed'): void => {
      cancel();
      socket.destroy();
      resolve(outcome);
    };
    const cancel = clock.schedule(patienceMs, () => settle('unconfirmed'));
    let isConnected = false;
    socket.on('connect', () => {
      isConnected = true;
      socket.write(`${HALT}\n`);
    });
    socket.on('data', () => settle('halted'));
    socket.on('error', (error) => settle(!isConnected && isNobody(error) ? 'none' : 'unconfirmed'));
    socket.on('close', () => settle('unconfirmed'));
  });
}

/** Whether a process of this OS user holds `name` now; does not halt it. */
export async function isHeld(name: string): Promise<boolean> {
  return !(await isDead(pathOf(name)));
}

/** Resolves to true when `name` is free, to false when a process still holds it after `patienceMs`; calls `onWait` when it has to wait. */
export async function untilFree(name: string, clock: Clock, patienceMs: number, onWait: () => void): Promise<boolean> {
  const deadline = clock.monotonic() + patienceMs;
  while (clock.monotonic() < deadline) {
    if (!(await wasHeld(name, clock, deadline - clock.monotonic(), onWait))) return true;
  }
  return false;
}

/** Resolves when the holder ends or the time is up, at once when there is none, and after a pause when that is unknown. */
function wasHeld(name: string, clock: Clock, patienceMs: number, onWait: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    let isConnected = false;
    let mayBeHeld = false;
    const socket = createConnection(pathOf(name));
    // The timer of `clock` keeps this process alive while it waits.
    socket.unref();
    const cancel = clock.schedule(patienceMs, () => socket.destroy());
    socket.on('connect', () => {
      isConnected = true;
      onWait();
    });
    socket.on('error', (error) => {
      mayBeHeld = !isConnected && !isNobody(error);
      if (mayBeHeld) onWait();
    });
    socket.on('close', () => {
      cancel();
      if (mayBeHeld) clock.schedule(Math.min(AGAIN_MS, patienceMs), () => resolve(true));
      else resolve(isConnected);
    });
  });
}

function pathOf(name: string): string {
  return join(socketFolder(), `${name}.sock`);
}
