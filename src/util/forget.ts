/** Removes the oldest entry. */
export function forgetOldest(kept: Map<string, unknown> | Set<string>): void {
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    return;
  }
}
