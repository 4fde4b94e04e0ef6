import { createHmac } from 'node:crypto';
import { WebSocket } from 'ws';
import type { LoadKind } from '../../src/harness/load/load-plan.ts';
import { withResolvers } from '../../src/util/promise.ts';

/** The least that a client can be: it signs, sends, and waits for the answer. */
export interface RawClient {
  /** False: refused. */
  send(kind: LoadKind, order: object): Promise<boolean>;
  close(): void;
}

interface Account {
  readonly url: string;
  readonly apiKey: string;
  readonly secret: string;
}

const OPERATIONS = { place: 'create', amend: 'amend', cancel: 'cancel' } as const;
const WINDOW = '5000';

function sign(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** Bybit's trade socket with `ws`. */
export async function rawSocket({ url, apiKey, secret }: Account): Promise<RawClient> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v5/trade`, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map<string, (isTaken: boolean) => void>();
  const { promise: authenticated, resolve: settle } = withResolvers<void>();
  let requests = 0;
  socket.on('message', (data: Buffer) => {
    const { op, reqId = '', retCode } = JSON.parse(data.toString()) as { op: string; reqId?: string; retCode: number };
    if (op === 'auth') return settle();
    waiting.get(reqId)?.(retCode === 0);
    waiting.delete(reqId);
  });
  const expires = Date.now() + 10_000;
  socket.send(JSON.stringify({ op: 'auth', args: [apiKey, expires, sign(secret, `GET/realtime${expires}`)] }));
  await authenticated;
  return {
    send(kind, order) {
      const reqId = String((requests += 1));
      const header = { 'X-BAPI-TIMESTAMP': String(Date.now()), 'X-BAPI-RECV-WINDOW': WINDOW };
      socket.send(JSON.stringify({ reqId, header, op: `order.${OPERATIONS[kind]}`, args: [order] }));
      return new Promise((resolve) => {
        waiting.set(reqId, resolve);
      });
    },
    close: () => socket.terminate(),
  };
}

/** Bybit's REST with Node's own fetch, which is undici: it opens as many connections as it has requests, until there are no more. */
export function rawRest({ url, apiKey, secret }: Account): RawClient {
  return {
    async send(kind, order) {
      const [body, timestamp] = [JSON.stringify(order), String(Date.now())];
      const headers = {
        'content-type': 'application/json',
        'X-BAPI-API-KEY': apiKey,
        'X-BAPI-TIMESTAMP': timestamp,
        'X-BAPI-RECV-WINDOW': WINDOW,
        'X-BAPI-SIGN': sign(secret, `${timestamp}${apiKey}${WINDOW}${body}`),
      };
      const answer = await fetch(`${url}/v5/order/${OPERATIONS[kind]}`, { method: 'POST', headers, body }).catch(() => undefined);
      return ((await answer?.json()) as { retCode: number } | undefined)?.retCode === 0;
    },
    close: () => undefined,
  };
}
