import { textIn } from '../../../util/json.ts';
import type { Call, Routes } from './routes.ts';

/**
 * Shares paths between contracts and pairs: requests with category spot go to `spot`, all others to
 * `other`. A path that only one of them has goes to that one.
 */
export function byCategory(other: Routes, spot: Routes): Routes {
  const shared = Object.entries(spot).map(([path, route]) => {
    const usual = other[path];
    if (usual === undefined) return [path, route] as const;
    const answer = (call: Call): ReturnType<typeof route.answer> =>
      (textIn(call.params['category']) === 'spot' ? route : usual).answer(call);
    return [path, { ...usual, answer }] as const;
  });
  return { ...other, ...Object.fromEntries(shared) };
}
