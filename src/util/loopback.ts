/** A host as `new URL` writes it. */
export function isLoopback(hostname: string): boolean {
  // A name may end with the root's dot; the parser has made everything else uniform.
  const host = hostname.replace(/\.$/, '');
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host) || /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\]$/.test(host);
}

/** Of a request, in lower case. */
interface SenderHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}

/** What a browser says of a request that no page of another host has made. */
const OWN_SITES: readonly unknown[] = [undefined, 'none', 'same-origin'];

/**
 * Whether a request that came over loopback was meant for it: the page of a site that makes its name point here sends that name as
 * `Host`, any other page its own as `Origin`, or its browser says that it is of another site. Programs send the host that they were told.
 */
export function isMeantForLoopback({ host, origin, 'sec-fetch-site': site }: SenderHeaders): boolean {
  if (!OWN_SITES.includes(site)) return false;
  const names = [...(host === undefined ? [] : [`http://${host}`]), ...(origin === undefined ? [] : [origin])];
  return names.every((name) => URL.canParse(name) && isLoopback(new URL(name).hostname));
}
