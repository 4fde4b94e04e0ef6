import { KEYS, SECTIONS } from './fields.ts';

/** Every key as Markdown, one table per section: the README's reference. */
export function configurationTable(): string {
  return SECTIONS.map((section) => {
    const rows = KEYS.filter((key) => key.section === section).map(({ key, field }) => {
      const flag = field.flag === undefined ? '' : ` Flag \`${field.flag}\`.`;
      return `| \`${key}\` | ${field.default} | ${field.expected} | ${field.doc}${flag} |`;
    });
    return ['| key | default | accepted | meaning |', '|---|---:|---|---|', ...rows, ''].join('\n');
  }).join('\n');
}
