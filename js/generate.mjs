// Makes js/src/protocol/messages.ts from protocol/messages.schema.json. CI runs it and fails on a difference.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';

const SCHEMA = new URL('../protocol/messages.schema.json', import.meta.url);
const OUTPUT = fileURLToPath(new URL('src/protocol/messages.ts', import.meta.url));

const BANNER = `// Generated from protocol/messages.schema.json by \`npm run generate\`; do not edit.
// The source is deepview_lab/transport/wire/messages.py.
`;

const { 'x-constants': constants, definitions } = JSON.parse(await readFile(SCHEMA, 'utf8'));

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
  ([name, value]) => `export const ${name} = ${JSON.stringify(value.const)};`,
);

const options = await resolveConfig(OUTPUT);
const text = [BANNER, ...values, '', types].join('\n');
await writeFile(OUTPUT, await format(text, { ...options, parser: 'typescript' }));
