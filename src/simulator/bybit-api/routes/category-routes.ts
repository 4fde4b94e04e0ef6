import { textIn } from '../../../util/json.ts';
import type { Call, Routes } from './routes.ts';

/**
 * The same paths for contracts and for pairs: requests that name spot as their category go to `spot`, everything else to
 * `other`. A path that only one of them knows is that one's.
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
