import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import type { Clock } from '../../../src/util/clock.ts';
import { sleep } from '../../../src/util/clock.ts';
import { textIn } from '../../../src/util/json.ts';

/** How long the reply to an order request takes longer, ms. `count`: of replies so far; `at`: when it came, monotonic. */
export type ReplyDelay = (count: number, at: number) => number;

/** The same wire with slower replies to creates, amends and cancels, over HTTP or the trade socket; each waits for itself alone. */
export function delayedWire(wire: Wire, clock: Clock, delay: ReplyDelay): Wire {
  let replies = 0;
  const nextDelay = (): number => {
    const ms = delay(replies, clock.monotonic());
    replies += 1;
    return ms;
  };
  return {
    async request(request, signal) {
      const response = await wire.request(request, signal);
      if (/\/v5\/order\/(create|amend|cancel)$/.test(request.url)) await sleep(clock, nextDelay());
      return response;
    },
    open: (url, listener) =>
      wire.open(url, {
        ...listener,
        onOpen: () => listener.onOpen(),
        onClose: (reason) => listener.onClose(reason),
        onMessage(message) {
          const isReply = url.endsWith('/v5/trade') && textIn(message.json?.['op']).startsWith('order.');
          if (isReply) clock.schedule(nextDelay(), () => listener.onMessage(message));
          else listener.onMessage(message);
        },
      }),
    close: () => wire.close(),
  };
}
