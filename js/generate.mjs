// Makes js/src/protocol/messages.ts and js/src/store/shared/catalogWords.ts from protocol/messages.schema.json.
// CI runs it and fails on a difference.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';

const SCHEMA = new URL('../protocol/messages.schema.json', import.meta.url);
const BANNER = '// Generated from protocol/messages.schema.json by `npm run generate`; do not edit.\n';

const {
  'x-constants': constants,
  'x-labels': labels,
  'x-words': words,
  definitions,
} = JSON.parse(await readFile(SCHEMA, 'utf8'));

// The compiler emits what the root reaches: so the root refers to every definition.
const root = {
  title: 'Messages',
  description: 'Every definition by its name.',
  type: 'object',
  properties: Object.fromEntries(
    Object.keys(definitions).map(name => [name, { $ref: `#/definitions/${name}` }]),
  ),
  required: Object.keys(definitions),
  definitions,
};
const types = await compile(root, 'Messages', {
  bannerComment: '',
  additionalProperties: false,
  format: false,
});
const values = Object.entries(constants).map(
  ([name, value]) =>
    `export const ${name} = ${JSON.stringify(value.const)}${typeof value.const === 'object' ? ' as const' : ''};`,
);
await write('src/protocol/messages.ts', [
  BANNER,
  '// The source is deepview_lab/transport/wire/messages.py.',
  '',
  ...values,
  '',
  types,
]);

// Translators find the words of built-in analyses here.
await write('src/store/shared/catalogWords.ts', [
  BANNER,
  '// The source is deepview_lab/analysis/catalog.py.',
  "import { trans } from './trans';",
  '',
  '/** What built-in analyses are called, by kind. */',
  `export const LABELS: ReadonlyMap<string, string> = new Map(${JSON.stringify(Object.entries(labels))});`,
  '',
  '/** Words of the catalogue in the language of the user. */',
  'export const WORDS: ReadonlyMap<string, () => string> = new Map([',
  ...words.map(word => `[${JSON.stringify(word)}, () => trans.__(${JSON.stringify(word)})],`),
  ']);',
]);

async function write(path, lines) {
  const output = fileURLToPath(new URL(path, import.meta.url));
  const options = await resolveConfig(output);
  await writeFile(output, await format(lines.join('\n'), { ...options, parser: 'typescript' }));
}
