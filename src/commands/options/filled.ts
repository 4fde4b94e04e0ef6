import { InvalidArgumentError } from 'commander';

/** For commander: a text with something in it. A variable that is not set must not pass for one that is. */
export function filled(expected: string): (text: string) => string {
  return (text) => {
    if (text.trim() === '') throw new InvalidArgumentError(`Expected ${expected}, was an empty text: is a variable not set?`);
    return text;
  };
}
