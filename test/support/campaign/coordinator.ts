import { openRedisEngine } from '../../../src/wiring/campaign/redis-engine.ts';
import { redisAddress } from '../../../src/wiring/campaign/redis-address.ts';
import { testHost } from '../program/test-host.ts';
import { listening } from './listening.ts';
import { NO_STOP, namedTask } from './tasks.ts';

/** A program that is only the engine of a campaign, so that it can be killed: URL, build, and the seeds of its runs; prints an outcome a line. */
const [url = '', build = '', durationMs = '', ...seeds] = process.argv.slice(2);

await using engine = await openRedisEngine({ address: redisAddress(testHost(), url), build, log: listening().log });
const outcomes = seeds.map(async (seed) => {
  const outcome = await engine.run(namedTask(build, { seed, durationMs: Number(durationMs) }), NO_STOP);
  process.stdout.write(`${JSON.stringify({ seed, ...outcome })}\n`);
});
process.stdout.write('open\n');
await Promise.all(outcomes);
