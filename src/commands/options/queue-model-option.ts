import { InvalidArgumentError, Option } from 'commander';
import { QUEUE_MODELS, queueModelOf, TRADE_QUEUE, type QueueModel } from '../../simulator/replay/queue-models.ts';

export function queueModelOption(): Option {
  return new Option('--queue-model <name>', `queue-position model for our orders: ${QUEUE_MODELS}`)
    .argParser(parseQueueModel)
    .default(TRADE_QUEUE, TRADE_QUEUE.name);
}

function parseQueueModel(name: string): QueueModel {
  const model = queueModelOf(name);
  if (model === undefined) throw new InvalidArgumentError(`Expected ${QUEUE_MODELS}, was '${name}'.`);
  return model;
}
