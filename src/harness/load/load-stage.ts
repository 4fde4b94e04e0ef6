/**
 * Stages of a request. All except `queue` begin when the request was due: `schedule` ends when the generator woke for it, `decide` when
 * the risk gate had approved it, `ack` with the answer, `stream` when the private stream or a query showed its effect. `queue` is the
 * time from the approval until the request was sent: for the journal to be durable and for the lane of the rate limiter.
 */
export const LOAD_STAGES = ['schedule', 'decide', 'queue', 'ack', 'stream'] as const;

export type LoadStage = (typeof LOAD_STAGES)[number];
