import type { JsonObject } from '../util/json.ts';
import { KEYS, SECTIONS, type Key } from './fields.ts';

/** JSON Schema of profile and override files, for editors: nested or dotted keys, and no others. */
export function settingsSchema(): JsonObject {
  const reference = ({ key }: Key): JsonObject => ({ $ref: `#/$defs/${key}` });
  const definitions = KEYS.map(({ key, field }) => [key, { ...field.schema, default: field.default, description: descriptionOf(field) }]);
  const sections = SECTIONS.map((section) => {
    const properties = KEYS.filter((key) => key.section === section).map((key) => [key.name, reference(key)]);
    return [section, { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) }];
  });
  const dotted = KEYS.map((key) => [key.key, reference(key)]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mmbot profile or override file',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries([...sections, ...dotted]),
    $defs: Object.fromEntries(definitions),
  };
}

function descriptionOf({ doc, expected }: { doc: string; expected: string }): string {
  return `${doc} Expected: ${expected}.`;
}
