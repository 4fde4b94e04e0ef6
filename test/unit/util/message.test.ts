import { describe, expect, test } from 'vitest';
import { Message } from '../../../src/util/message.ts';

describe('a message', () => {
  test('of an object has its text', () => {
    expect(new Message({ op: 'ping', args: [1, '2'] }).text).toBe('{"op":"ping","args":[1,"2"]}');
  });

  test('of a text has the object that it reads as, and the same each time', () => {
    const message = new Message('{"op": "ping"}');
    expect(message).toMatchObject({ text: '{"op": "ping"}', json: { op: 'ping' } });
    expect(message.json).toBe(message.json);
  });

  test.each(['', 'not JSON', '[{}]', '1', 'null'])('of the text %j has none', (text) => {
    expect(new Message(text)).toMatchObject({ text, json: undefined });
  });
});
