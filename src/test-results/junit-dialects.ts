import { firstWords } from './place.ts';
import { goCommand, jestCommand, pytestCommand, vitestCommand } from './repeat-command.ts';
import type { XmlElement } from './xml.ts';

/** How a runner uses `classname` and `name`. */
export interface JunitDialect {
  identity(classname: string, title: string, file: string): { readonly file: string; readonly name: string };
  /** The most informative part of the failure text. */
  message(attribute: string, text: string): string;
  repeat(classname: string, title: string, file: string): string | undefined;
}

const any: JunitDialect = {
  identity: (classname, title, file) => ({
    file,
    name: classname === '' || title.includes(classname) || classname === file ? title : `${classname} > ${title}`,
  }),
  message: (attribute) => firstWords(attribute),
  repeat: () => undefined,
};

/** `classname` is the file name. */
const vitest: JunitDialect = {
  ...any,
  identity: (classname, title) => ({ file: classname, name: title === classname ? 'the file itself' : title }),
  // Line breaks are lost in an attribute.
  message: (_, text) => firstWords(text),
  repeat: (classname, title) => vitestCommand(classname, title === classname ? undefined : title.replaceAll(' > ', ' ')),
};

/** By default both are all titles, joined by spaces. */
const jest: JunitDialect = {
  ...any,
  message: (_, text) => firstWords(text),
  repeat: (_, title, file) =>
    file === '' ? undefined : jestCommand(file, title === file || file.endsWith(`/${title}`) ? undefined : title),
};

/** `classname` is the dotted module name, and the class in it. */
const pytest: JunitDialect = {
  ...any,
  message: (attribute) => attribute.split('\n')[0] ?? '',
  repeat(classname, title, file) {
    const module = file.replace(/\.py$/, '').replaceAll('/', '.');
    if (file === '' || !`${classname}.`.startsWith(`${module}.`)) return undefined;
    const inner = classname.slice(module.length + 1).split('.');
    return pytestCommand([file, ...inner, title].filter((part) => part !== '').join('::'));
  },
};

/** `classname` is the package; the message is always `Failed`. */
const go: JunitDialect = {
  ...any,
  message: (_, text) =>
    text
      .split('\n')
      .find((line) => /_test\.go:\d+:|panic:/.test(line))
      ?.trim() ?? '',
  repeat: (classname, title) => (classname === '' ? undefined : goCommand(classname, title)),
};

export function junitDialect(root: XmlElement): JunitDialect {
  const suites = root.name === 'testsuites' ? root.children : [root];
  if (root.attributes['name'] === 'vitest tests') return vitest;
  if (root.attributes['name'] === 'jest tests') return jest;
  if (suites.some(({ attributes }) => attributes['name'] === 'pytest')) return pytest;
  return suites.some(isGo) ? go : any;
}

function isGo(suite: XmlElement): boolean {
  const properties = suite.children.filter(({ name }) => name === 'properties').flatMap(({ children }) => children);
  return properties.some(({ attributes }) => attributes['name'] === 'go.version');
}
