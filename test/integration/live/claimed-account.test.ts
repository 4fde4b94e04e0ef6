import { expect, test } from 'vitest';
import { claimAccount } from '../../../src/wiring/claimed-account.ts';
import { randomId, systemRandom } from '../../../src/util/random.ts';

const REFUSED = { exitCode: 2, code: 'already_running' };
const claim = (restUrl: string, apiKey: string, userId: string | undefined) =>
  claimAccount({
    address: { restUrl, wsUrl: 'ws://127.0.0.1:1' },
    credentials: { apiKey, secret: 'canary-secret-0000' },
    emergency: undefined,
    userId: () => Promise.resolve(userId),
    onHalt: () => undefined,
  });

test('a second bot of an account is refused by any spelling of the host, by any key, and as long as the first one runs', async () => {
  const [key, other, user] = [randomId(systemRandom, 18), randomId(systemRandom, 18), randomId(systemRandom, 12)];
  const first = await claim('http://127.0.0.1:8099', key, user);
  // The key tells before the exchange is asked.
  await expect(claim('http://localhost:8099', key, undefined)).rejects.toMatchObject(REFUSED);
  await expect(claim('http://LOCALHOST:8100', other, user)).rejects.toMatchObject(REFUSED);
  // Refused by its user, the second one has let go of its key.
  await (await claim('http://127.0.0.1:8099', other, randomId(systemRandom, 12)))[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
  await (await claim('http://localhost:8099', key, user))[Symbol.asyncDispose]();
});

test('a key of mainnet is the same account at every host of it', async () => {
  const key = randomId(systemRandom, 18);
  const first = await claim('https://api.bybit.com', key, undefined);
  for (const restUrl of ['https://API.bybit.com:443', 'https://api.bytick.com'])
    await expect(claim(restUrl, key, undefined)).rejects.toMatchObject(REFUSED);
  await (await claim('https://api-testnet.bybit.com', key, undefined))[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
});
