/** A host as `new URL` writes it. */
export function isLoopback(hostname: string): boolean {
  // A name may end with the root's dot; the parser has made everything else uniform.
  const host = hostname.replace(/\.$/, '');
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host) || /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\]$/.test(host);
}

/**
 * Whether a request that came over loopback was meant for it: the page of a site that makes its name point here sends that name as
 * `Host`, and any other page its own as `Origin`. Programs send the one that they were told, and none.
 */
export function isMeantForLoopback({
  host,
  origin,
}: {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}): boolean {
  const names = [...(host === undefined ? [] : [`http://${host}`]), ...(origin === undefined ? [] : [origin])];
  return names.every((name) => URL.canParse(name) && isLoopback(new URL(name).hostname));
}
