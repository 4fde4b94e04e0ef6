import { usageError, type MmbotError } from '../../errors.ts';
import type { CancelPort, CancelScope, RestingOrder } from '../../exchange/cancel-port.ts';
import { OpenOrderScanner } from '../../execution/cancel/open-order-scanner.ts';
import type { Host } from '../../host.ts';
import { grouped } from '../../reports/text/format.ts';
import type { Clock } from '../../util/clock.ts';
import { wrappedLines } from '../terminal/lines.ts';
import type { Plan } from './output.ts';

/** Most orders that the error lists when there is no terminal to ask on. */
const NAMED = 20;

/** The orders that are open now, from one read of all scopes. Rejects with ExchangeError when none could be read. */
export async function planOf(
  port: CancelPort,
  clock: Clock,
  scopes: readonly CancelScope[],
  isTarget: (order: RestingOrder) => boolean,
  deadlineMs: number,
): Promise<{ readonly plan: Plan; readonly seen: readonly RestingOrder[] }> {
  const { read, failures, at } = await new OpenOrderScanner(withoutStream(port), clock, scopes).look(deadlineMs);
  if (at === undefined && failures[0] !== undefined) throw failures[0];
  const targets = read.filter(isTarget);
  const unread = [...new Set(failures.map(({ message }) => message))];
  return { plan: { targets, others: read.length - targets.length, unread }, seen: read };
}

/** A single read does not need the private stream. */
function withoutStream(port: CancelPort): CancelPort {
  return { ...port, listen: () => () => undefined };
}

/**
 * Asks for consent to cancel the listed orders, to cancel orders that could not be read, and to halt the bot. Returns false without asking
 * when there is nothing to do. Throws MmbotError (exit 2) unless the user says yes.
 */
export async function isPermitted(host: Host, { targets, unread }: Plan, hasBot: boolean, signal: AbortSignal): Promise<boolean> {
  const cancels =
    targets.length > 0
      ? `cancel ${countOf(targets.length)}${unread.length > 0 ? ' and what could not be read' : ''}`
      : unread.length > 0
        ? 'cancel all open orders, although not all could be read'
        : '';
  const halts = hasBot ? 'halt the running mmbot live of this account' : '';
  const acts = [cancels, halts].filter((act) => act !== '').join(', and ');
  if (acts === '') return false;
  if (!host.stderr.isTerminal) throw unasked(acts, targets, hasBot);
  const question = wrappedLines(`${acts.charAt(0).toUpperCase()}${acts.slice(1)}? [y/N]`, host.stderr);
  const answer = await host.ask(`${question} `, signal);
  if (signal.aborted) return false;
  if (/^y(es)?$/i.test(answer.trim())) return true;
  throw noConsent(`aborted: nothing was canceled and no bot was halted (no consent to ${acts})`, 'mmbot cancel-all --help');
}

function unasked(acts: string, targets: readonly RestingOrder[], hasBot: boolean): MmbotError {
  const names = targets
    .slice(0, NAMED)
    .map(({ category, symbol, clientOrderId, exchangeOrderId }) => [category, symbol, clientOrderId || exchangeOrderId].join(' '));
  const more = targets.length > NAMED ? `, and ${grouped(targets.length - NAMED)} more` : '';
  const open = names.length === 0 ? '' : `; open: ${names.join(', ')}${more}`;
  return noConsent(
    `expected --yes or --force to ${acts}: there is no terminal to ask on; nothing was canceled and no bot was halted${open}`,
    `--yes consents to all of it${hasBot ? '; --no-halt leaves the bot running' : ''}; --dry-run only shows the orders`,
  );
}

function noConsent(message: string, hint: string): MmbotError {
  return usageError(message, { code: 'no_consent', hint });
}

function countOf(orders: number): string {
  return `${grouped(orders)} order${orders === 1 ? '' : 's'}`;
}
