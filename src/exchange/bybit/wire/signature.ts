import { createHmac, createSign } from 'node:crypto';
import type { JsonObject } from '../../../util/json.ts';

export interface Credentials {
  readonly apiKey: string;
  /** An HMAC secret, or an RSA private key in PEM. */
  readonly secret: string;
}

/** The `op: auth` message of private and trade sockets. `expiresAt`: exchange time, ms. */
export function authMessage({ apiKey, secret }: Credentials, expiresAt: number): JsonObject {
  return { op: 'auth', args: [apiKey, expiresAt, sign(`GET/realtime${expiresAt}`, secret)] };
}

function sign(text: string, secret: string): string {
  if (secret.includes('PRIVATE KEY')) return createSign('RSA-SHA256').update(text).sign(secret, 'base64');
  return createHmac('sha256', secret).update(text).digest('hex');
}
