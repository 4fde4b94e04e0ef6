import { randomExponential, randomNormal, type Random } from '../../util/random.ts';

/** Log-normal around the median, with an occasional spike on top. */
export interface DelayModel {
  readonly medianMs: number;
  /** Standard deviation of the logarithm. */
  readonly sigma: number;
  readonly spikeProbability: number;
  /** Mean of the exponential distribution of a spike. */
  readonly spikeMs: number;
}

/** One model for each path of a message. The paths are independent, so a fill can arrive before the acknowledgment of its order. */
export interface Latency {
  /** From the client’s send to the effect. */
  readonly entry: DelayModel;
  /** From the effect to the answer. */
  readonly ack: DelayModel;
  readonly privateStream: DelayModel;
  readonly publicFeed: DelayModel;
}

export const DEFAULT_LATENCY: Latency = {
  entry: { medianMs: 5, sigma: 0.35, spikeProbability: 0.002, spikeMs: 40 },
  ack: { medianMs: 3, sigma: 0.25, spikeProbability: 0.001, spikeMs: 20 },
  privateStream: { medianMs: 3, sigma: 0.25, spikeProbability: 0.001, spikeMs: 20 },
  publicFeed: { medianMs: 3, sigma: 0.2, spikeProbability: 0.0005, spikeMs: 15 },
};

const NO_DELAY: DelayModel = { medianMs: 0, sigma: 0, spikeProbability: 0, spikeMs: 0 };

/** No delay at all. */
export const NO_LATENCY: Latency = latencyOf(NO_DELAY);

/** The same on every path. `jitterMs`: standard deviation around the median, without spikes. */
export function steadyLatency(medianMs: number, jitterMs: number): Latency {
  if (medianMs === 0) return NO_LATENCY;
  const ratio = jitterMs / medianMs;
  // The variance of a log-normal with median m is m² x (x - 1), where x = exp(sigma²).
  const sigma = Math.sqrt(Math.log((1 + Math.sqrt(1 + 4 * ratio * ratio)) / 2));
  return latencyOf({ ...NO_DELAY, medianMs, sigma });
}

/**
 * Latency for orders simulated against another exchange’s live market data. The data has already taken half a round trip to get here, so
 * an order is delayed by a whole round trip before it meets the market, and its answer not at all.
 */
export function latencyBesideFeed(roundTripMs: number): Latency {
  return { ...NO_LATENCY, entry: steadyLatency(roundTripMs, roundTripMs / 10).entry };
}

function latencyOf(delay: DelayModel): Latency {
  return { entry: delay, ack: delay, privateStream: delay, publicFeed: delay };
}

/** ms. */
export function drawDelay(random: Random, { medianMs, sigma, spikeProbability, spikeMs }: DelayModel): number {
  const usual = medianMs * Math.exp(sigma * randomNormal(random));
  return random.uniform() < spikeProbability ? usual + randomExponential(random, spikeMs) : usual;
}
