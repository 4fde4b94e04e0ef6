import { z } from 'zod';
import { objectIn, parseJson, textIn, type JsonObject } from '../../../src/util/json.ts';
import * as account from './account.ts';
import * as market from './market.ts';
import * as orders from './orders.ts';
import { checkBatch, limitHeaders } from './rest.ts';
import { anyText, id, nothing, timeText } from './texts.ts';
import { issuesOf, type Verdict } from './verdict.ts';

/** Every public topic, without depth, interval and symbol. */
const PUBLIC_TOPICS: Readonly<Record<string, { readonly linear: z.ZodType; readonly spot?: z.ZodType }>> = {
  orderbook: { linear: market.bookPush, spot: market.bookPush },
  publicTrade: { linear: market.linearTradesPush, spot: market.spotTradesPush },
  tickers: { linear: market.linearTickerPush, spot: market.spotTickerPush },
  kline: { linear: market.klinePush, spot: market.klinePush },
  priceLimit: { linear: market.priceLimitPush, spot: market.priceLimitPush },
  allLiquidation: { linear: market.liquidationPush },
};

/** Every private topic, without its category. */
const PRIVATE_TOPICS: Readonly<Record<string, z.ZodType>> = {
  order: orders.privateEnvelope(orders.orderPush),
  execution: orders.privateEnvelope(orders.executionPush),
  'execution.fast': orders.privateEnvelope(orders.fastExecutionPush),
  position: orders.privateEnvelope(account.positionPush),
  wallet: orders.privateEnvelope(account.wallet),
};

/** `execution.fast.linear`: the kind and its category. */
const PRIVATE_NAME = /^(order|execution\.fast|execution|position|wallet)(?:\.(linear|inverse|spot|option))?$/;

const publicAnswer = z.strictObject({
  success: z.boolean(),
  ret_msg: anyText,
  conn_id: id,
  req_id: anyText,
  op: z.enum(['ping', 'subscribe', 'unsubscribe']),
});
const spotPong = publicAnswer.partial({ req_id: true });
const echoed = { req_id: anyText.optional() };
const privateAnswer = z.strictObject({
  success: z.boolean(),
  ret_msg: anyText,
  op: z.enum(['auth', 'subscribe', 'unsubscribe']),
  conn_id: id,
  ...echoed,
});
const privateRefusal = z.strictObject({
  success: z.literal(false),
  op: z.literal('auth'),
  retCode: z.int(),
  retMsg: id,
  connId: id,
  ...echoed,
});
const privatePong = z.strictObject({ op: z.literal('pong'), args: z.tuple([timeText]), conn_id: id, ...echoed });

const tradeId = { reqId: anyText.optional(), connId: id };
const tradeAuth = z.strictObject({ ...tradeId, retCode: z.int(), retMsg: anyText, op: z.literal('auth') });
const tradePong = z.strictObject({ ...tradeId, retCode: z.literal(0), retMsg: anyText, op: z.literal('pong'), data: z.tuple([timeText]) });
const tradeReply = { ...tradeId, retCode: z.int(), retMsg: id, op: id };
const tradeRefusal = z.strictObject({ ...tradeReply, data: nothing, retExtInfo: nothing, header: z.strictObject(limitHeaders).partial() });
const replyTo = (data: z.ZodType, retExtInfo: z.ZodType): z.ZodType =>
  z.strictObject({ ...tradeReply, data, retExtInfo, header: z.strictObject(limitHeaders) });
const single = replyTo(orders.orderIds, nothing);
const TRADE_REPLIES: Readonly<Record<string, z.ZodType>> = {
  'order.create': single,
  'order.amend': single,
  'order.cancel': single,
  'order.create-batch': replyTo(orders.createdBatchResult, orders.batchExtra),
  'order.amend-batch': replyTo(orders.batchResult, orders.batchExtra),
  'order.cancel-batch': replyTo(orders.batchResult, orders.batchExtra),
};

export function checkMessage(path: string, text: string): Verdict {
  const message = objectIn(parseJson(text));
  if (path === '/v5/trade') return checkTrade(message);
  return path === '/v5/private' ? checkPrivate(message) : checkPublic(path.slice(path.lastIndexOf('/') + 1), message);
}

function checkPublic(product: string, message: JsonObject): Verdict {
  const topic = textIn(message['topic']);
  const op = textIn(message['op']);
  if (topic === '') {
    const schema = product === 'spot' && op === 'ping' ? spotPong : publicAnswer;
    return { name: `${product} ${op}`, isSuccess: message['success'] === true, issues: issuesOf(schema, message) };
  }
  const [kind = '', ...details] = topic.split('.');
  const shapes = PUBLIC_TOPICS[kind];
  const schema = product === 'spot' ? shapes?.spot : shapes?.linear;
  const name = [kind, ...details.slice(0, -1)].join('.');
  return {
    name: `${product} ${name}`,
    isSuccess: true,
    issues: schema === undefined ? ['no schema for this topic'] : issuesOf(schema, message),
  };
}

function checkPrivate(message: JsonObject): Verdict {
  const topic = textIn(message['topic']);
  const op = textIn(message['op']);
  if (topic === '') {
    const schema = op === 'pong' ? privatePong : 'retCode' in message ? privateRefusal : privateAnswer;
    return { name: `private ${op}`, isSuccess: op === 'pong' || message['success'] === true, issues: issuesOf(schema, message) };
  }
  const [, kind = '', category] = PRIVATE_NAME.exec(topic) ?? [];
  const schema = PRIVATE_TOPICS[kind];
  if (schema === undefined) return { name: `private ${topic}`, isSuccess: true, issues: ['no schema for this topic'] };
  const issues = issuesOf(schema, message);
  const categories = new Set(Array.isArray(message['data']) ? message['data'].map((each) => objectIn(each)['category']) : []);
  if (category !== undefined && (categories.size !== 1 || !categories.has(category))) issues.push(`rows of ${[...categories].join(', ')}`);
  return { name: `private ${topic}`, isSuccess: true, issues };
}

function checkTrade(message: JsonObject): Verdict {
  const op = textIn(message['op']);
  const isSuccess = message['retCode'] === 0;
  const name = `trade ${op}`;
  if (op === 'auth') return { name, isSuccess, issues: issuesOf(tradeAuth, message) };
  if (op === 'pong') return { name, isSuccess, issues: issuesOf(tradePong, message) };
  if (!isSuccess) return { name, isSuccess, issues: issuesOf(tradeRefusal, message) };
  const issues = issuesOf(TRADE_REPLIES[op] ?? z.never(), message);
  const list = objectIn(message['data'])['list'];
  if (op.endsWith('-batch')) issues.push(...checkBatch(Array.isArray(list) ? list : [], message['data'], message['retExtInfo']));
  return { name, isSuccess, issues };
}
