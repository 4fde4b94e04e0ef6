import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { usageError } from '../errors.ts';
import { realPathOf } from './files.ts';
import { expectWritable } from './whole-files.ts';
import { claimInstance, type Instance } from './instance.ts';

/**
 * Makes the folder of a campaign, and locks it for this process: two campaigns in one folder would make the same runs. It is free when this
 * process ends, however it ends. `onLost` is called when the lock was deleted and another process has it now. Throws MmbotError (exit 2) when
 * another process has it, or the folder cannot be written to.
 */
export async function claimFolder(folder: string, onLost: () => void): Promise<Instance> {
  expectWritable(join(folder, 'runs', 'a-result'));
  const hash = createHash('sha256').update(realPathOf(folder)).digest('hex').slice(0, 16);
  const claim = await claimInstance(`campaign-${hash}`, onLost);
  if (claim !== undefined) return claim;
  throw usageError(`${folder}: another mmbot campaign is using this folder`, {
    code: 'folder_in_use',
    hint: 'wait until it has ended, or use another folder with --out',
  });
}
