import { describe, expect, test } from 'vitest';
import { parseFaults } from '../../../../src/simulator/faults/fault-choice.ts';

describe('a choice of faults', () => {
  test.each(['none', 'light', 'heavy'])('%s is not combined with other faults', (set) => {
    expect(parseFaults(set)).toEqual({ set });
    expect(parseFaults(`${set},lost-reply`)).toContain('cannot be combined with other faults');
  });

  test('names faults, at drawn times or at a place of their own', () => {
    expect(parseFaults('lost-reply, ip-ban-403@10m:30s,book-gap@90,http-html@1.5h:2')).toEqual({
      set: undefined,
      faults: [
        { name: 'lost-reply', placed: undefined },
        { name: 'ip-ban-403', placed: { startMs: 600_000, durationMs: 30_000 } },
        { name: 'book-gap', placed: { startMs: 90_000, durationMs: 1000 } },
        { name: 'http-html', placed: { startMs: 5_400_000, durationMs: 2000 } },
      ],
    });
  });

  test('may place one fault several times', () => {
    expect(parseFaults('book-gap@10,book-gap@20')).toMatchObject({ faults: [{ name: 'book-gap' }, { name: 'book-gap' }] });
  });

  test.each([
    ['lost-replay', 'did you mean lost-reply?'],
    ['', 'there is no fault'],
    ['lost-reply,,', 'there is no fault'],
    ['lost-reply@', 'not NAME'],
    ['lost-reply@soon', 'not NAME'],
    ['lost-reply@10m:0', 'has a duration of 0'],
    ['book-gap,book-gap', 'given twice'],
    ['book-gap,book-gap@10', 'given twice'],
    ['heavyy', 'did you mean heavy?'],
  ])('%j is refused: %s', (text, why) => {
    expect(parseFaults(text)).toContain(why);
  });

  test('an unknown name brings the list of those that can be chosen, and no other', () => {
    const problem = parseFaults('nonsense');
    expect(problem).toContain('lost-reply');
    expect(problem).not.toContain('suspend');
  });
});
