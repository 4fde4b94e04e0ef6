import { expect, test } from 'vitest';
import { commandScene } from '../../support/cancel/cancel-command.ts';

test('a bug during cancel-all is reported and does not end it', async (context) => {
  const scene = await commandScene(context);
  scene.rest(2);
  let bugs = 0;
  const { exitCode, stdout, stderr } = await scene.cancelAll(['--yes'], {
    onStderr(text) {
      if (!text.includes('"cancel_all_progress"') || (bugs += 1) > 1) return;
      // Something was placed since: only who tries again cancels it.
      scene.rest(1);
      throw new TypeError('x is not a function');
    },
  });
  expect([exitCode, stdout.text]).toEqual([0, expect.stringContaining('VERIFIED EMPTY')]);
  expect(stderr.text).toMatch(/"cancel_all_broke".*x is not a function/);
  expect([bugs > 0, scene.open()]).toEqual([true, []]);
});
