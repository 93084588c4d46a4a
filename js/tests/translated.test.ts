import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** Attributes and properties whose text people see or hear. */
const SPOKEN = new Set([
  'aria-label',
  'aria-description',
  'aria-valuetext',
  'caption',
  'hint',
  'label',
  'placeholder',
  'summary',
  'title',
  'word',
]);

/** Whether there is a word in a text; the name of the product is the same in every language. */
function speaks(text: string): boolean {
  return /\p{L}{2}/u.test(text.replaceAll('DeepView', ''));
}

/** A text with words in it that is written as it stands: neither translated, nor made of what is. */
function literal(node: ts.Node | undefined): string | null {
  if (node === undefined) {
    return null;
  }
  if (ts.isStringLiteralLike(node)) {
    return speaks(node.text) ? node.text : null;
  }
  if (ts.isTemplateExpression(node)) {
    const words = [node.head, ...node.templateSpans.map(span => span.literal)]
      .map(({ text }) => text)
      .join(' ');
    return speaks(words) ? words : null;
  }
  if (ts.isConditionalExpression(node)) {
    return literal(node.whenTrue) ?? literal(node.whenFalse);
  }
  if (ts.isParenthesizedExpression(node) || ts.isJsxExpression(node)) {
    return literal(node.expression);
  }
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const chooses = kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
    return chooses || kind === ts.SyntaxKind.PlusToken ? (literal(node.left) ?? literal(node.right)) : null;
  }
  return null;
}

function spokenText(node: ts.Node): string | null {
  if (ts.isJsxText(node)) {
    return speaks(node.text) ? node.text.trim() : null;
  }
  if (ts.isJsxExpression(node) && (ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent))) {
    return literal(node.expression);
  }
  if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText())) {
    return literal(node.initializer);
  }
  if (ts.isPropertyAssignment(node) && SPOKEN.has(node.name.getText().replace(/^'|'$/g, ''))) {
    return literal(node.initializer);
  }
  return null;
}

/** A sentence for people wherever it stands; errors speak to programmers, and a plugin's description to Lab's own list. */
function sentence(node: ts.Node): string | null {
  if (!ts.isStringLiteralLike(node) || !/^\p{Lu}\p{L}* .*\.$/u.test(node.text)) {
    return null;
  }
  const { parent } = node;
  const translated = ts.isCallExpression(parent) && parent.expression.getText().startsWith('trans.');
  const technical =
    ts.isNewExpression(parent) ||
    (ts.isPropertyAssignment(parent) && parent.name.getText() === 'description');
  return translated || technical ? null : node.text;
}

/** Where a source says something that no translator gets to see, as `line: text`. */
export function untranslated(name: string, source: string): string[] {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = spokenText(node) ?? sentence(node);
    if (text !== null) {
      found.push(`${String(file.getLineAndCharacterOfPosition(node.getStart()).line + 1)}: ${text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name));
}

describe('what is not translated', () => {
  it('is found in text, attributes, templates, choices, properties, and as a sentence', () => {
    const source = `const a = <p title="Stop it">Run on {n > 1 ? 'many layers' : word}</p>;
      const b = <Button label={\`Open \${name}\`} class="dv-Button" />;
      const why = () => 'Choose a model.';
      const c = { word: on ? 'Paused' : trans.__('Running'), icon: 'pause' };`;
    expect(untranslated('a.tsx', source)).toEqual([
      '1: Stop it',
      '1: Run on',
      '1: many layers',
      '2: Open  ',
      '3: Choose a model.',
      '4: Paused',
    ]);
  });

  it('is not what was given to the translator, a name, or no word', () => {
    const source = `<p title={trans.__('Stop it')}>DeepView · {count(n)} {trans._n('%2 layer', '%2 layers', n, count(n))} ×</p>`;
    expect(untranslated('a.tsx', source)).toEqual([]);
  });

  // What the decoder says of a message that it cannot read is for whoever mends it.
  it.each(['hosts', 'store', 'views'].flatMap(layer => sources(`js/src/${layer}`)))(
    'is nothing in %s',
    path => {
      expect(untranslated(path, readFileSync(path, 'utf8'))).toEqual([]);
    },
  );
});
