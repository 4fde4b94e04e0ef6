import type { JsonObject } from '../util/json.ts';
import { KEYS, SECTIONS, type Key } from './fields.ts';
import { SYMBOL_KEYS, SYMBOL_PATTERN } from './keys.ts';

/** JSON Schema of profile and override files, for editors: nested or dotted keys, and no others. */
export function settingsSchema(): JsonObject {
  const reference = ({ key }: Key): JsonObject => ({ $ref: `#/$defs/${key}` });
  const definitions = KEYS.map(({ key, field }) => [key, { ...field.schema, default: field.default, description: descriptionOf(field) }]);
  const objectOf = (properties: readonly (readonly [string, JsonObject])[]): JsonObject => ({
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  });
  const keysOf = (keys: readonly Key[]): (readonly [string, JsonObject])[] => [
    ...SECTIONS.flatMap((section) => {
      const properties = keys.filter((key) => key.section === section).map((key) => [key.name, reference(key)] as const);
      return properties.length === 0 ? [] : [[section, objectOf(properties)] as const];
    }),
    ...keys.map((key) => [key.key, reference(key)] as const),
  ];
  const symbols = {
    type: 'object',
    description: 'Settings of single symbols, by their names.',
    additionalProperties: false,
    patternProperties: { [SYMBOL_PATTERN]: objectOf(keysOf(SYMBOL_KEYS)) },
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mmbot profile or override file',
    ...objectOf([...keysOf(KEYS), ['symbols', symbols]]),
    $defs: Object.fromEntries(definitions),
  };
}

function descriptionOf({ doc, expected }: { doc: string; expected: string }): string {
  return `${doc} Expected: ${expected}.`;
}
