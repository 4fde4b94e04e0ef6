import { isObject, parseJson, type JsonObject } from './json.ts';

/**
 * A message on a socket: its text, and the object that it reads as. Each is made from the other when it is first asked for, because within one
 * process nobody asks for the text. Neither is to be changed.
 */
export class Message {
  #text: string | undefined;
  #json: JsonObject | undefined;

  constructor(content: string | JsonObject) {
    if (typeof content === 'string') this.#text = content;
    else this.#json = content;
  }

  get text(): string {
    this.#text ??= JSON.stringify(this.#json);
    return this.#text;
  }

  /** Undefined when the text is not that of a JSON object. */
  get json(): JsonObject | undefined {
    if (this.#json === undefined) {
      const read = parseJson(this.text);
      if (isObject(read)) this.#json = read;
    }
    return this.#json;
  }
}
