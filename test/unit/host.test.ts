import { expect, onTestFinished, test, vi } from 'vitest';
import { processHost } from '../../src/host.ts';
import { own } from '../../src/util/terminal-text.ts';

const EVIL = 'a\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e\rVERIFIED EMPTY';
const SHOWN = String.raw`a\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e\u000dVERIFIED EMPTY`;

test.each(['stdout', 'stderr'] as const)('what others wrote leaves %s as text, styles of our own as they are', (name) => {
  const host = processHost();
  let written = '';
  const write = vi.spyOn(process[name], 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
  onTestFinished(() => write.mockRestore());
  host[name].write(`${own('\u001b[1mbold\u001b[22m')} ${EVIL}\n`);
  host.hide(['canary-secret-0000']);
  host[name].write('canary-secret-0000\n');
  expect(written).toBe(`\u001b[1mbold\u001b[22m ${SHOWN}\n[redacted]\n`);
});
