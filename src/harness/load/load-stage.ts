/**
 * Stages of a request, each from the time that it was due but for `queue`: `schedule`, until the generator woke for it;
 * `decide`, until risk had approved it; `queue`, from there until it left (journal on disk, lane of the limiter); `ack`, until
 * the answer; `stream`, until the private stream or a query showed what it did.
 */
export const LOAD_STAGES = ['schedule', 'decide', 'queue', 'ack', 'stream'] as const;

export type LoadStage = (typeof LOAD_STAGES)[number];
