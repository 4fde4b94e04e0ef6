import { SaxesParser } from 'saxes';
import { UnreadableResults } from './test-run.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, including CDATA, without that of its children. */
  readonly text: string;
}

/** Real files nest suites a few levels deep; the limit protects the recursive reader. */
const MOST_DEPTH = 200;

interface OpenElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: OpenElement[];
  text: string;
}

/** The root element of a well-formed document. Only XML's five predefined entities are expanded. */
export function parseXml(text: string): XmlElement {
  const top: OpenElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const parser = new SaxesParser({ position: true, xmlns: false });
  const addText = (part: string): void => {
    const inner = open.at(-1);
    if (inner !== undefined) inner.text += part;
  };
  parser.on('error', (error) => {
    throw new UnreadableResults(`not well-formed XML: ${error.message}`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: OpenElement = { name, attributes, children: [], text: '' };
    if (open.length > MOST_DEPTH)
      throw new UnreadableResults(`expected at most ${MOST_DEPTH} nested elements (line ${parser.line}, column ${parser.column})`);
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  const [root] = top.children;
  if (root === undefined) throw new UnreadableResults('not well-formed XML: no root element');
  return root;
}
