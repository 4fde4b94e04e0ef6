import { InvalidArgumentError } from 'commander';

/** Parser for commander: a text that is not empty. It is empty, for example, when a shell variable is not set. */
export function filled(expected: string): (text: string) => string {
  return (text) => {
    if (text.trim() === '') throw new InvalidArgumentError(`Expected ${expected}, was an empty text: is a variable not set?`);
    return text;
  };
}
