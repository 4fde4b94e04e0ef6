/** The part of a report that soaks and load tests share: the settings and the command that repeat the run. */
export interface RunOrigin {
  readonly version: string;
  readonly seed: string;
  readonly profile: string;
  readonly configHash: string;
  readonly clock: 'wall' | 'virtual';
  readonly symbols: readonly string[];
  readonly durationMs: number;
  /** ISO time; simulated time on the virtual clock. */
  readonly startedAt: string;
  /** The command that repeats the run. */
  readonly repeat: string;
}
