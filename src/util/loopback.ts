/** Whether a host name, as normalized by `new URL`, is this machine. */
export function isLoopback(hostname: string): boolean {
  // A host name may end with a dot; `URL` has normalized everything else.
  const host = hostname.replace(/\.$/, '');
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host) || /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\]$/.test(host);
}

/** Headers of a request, in lower case. */
interface SenderHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}

/** Values of `Sec-Fetch-Site` for requests that do not come from a page of another host. */
const OWN_SITES: readonly unknown[] = [undefined, 'none', 'same-origin'];

/**
 * Whether a request over loopback is legitimate and not sent by a web page of another site: with DNS rebinding the page's host name is in
 * `Host`; otherwise it is in `Origin`, or the browser marks the request as cross-site. Programs send the host of the URL that they use.
 */
export function isMeantForLoopback({ host, origin, 'sec-fetch-site': site }: SenderHeaders): boolean {
  if (!OWN_SITES.includes(site)) return false;
  const names = [...(host === undefined ? [] : [`http://${host}`]), ...(origin === undefined ? [] : [origin])];
  return names.every((name) => URL.canParse(name) && isLoopback(new URL(name).hostname));
}
