import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { anew } from '../../src/store/launch/checkpoint';
import { type RunRequest, runCode } from '../../src/store/launch/code';
import { isIdentifier, pythonText } from '../../src/store/shared/python';
import { recipeCode } from '../../src/store/layers/recipeCode';
import { openCode, openExpression, saveExpression } from '../../src/store/files/reports';
import { offers } from '../support/offers';

/** Where IPython, Python, or somebody's terminal ends a line. */
const ENDS = [
  '\n',
  '\r',
  '\r\n',
  '\v',
  '\f',
  '\x1c',
  '\x1d',
  '\x1e',
  '\x85',
  '\u2028',
  '\u2029',
  '\0',
  '\x1b',
];
/** What makes a line more than Python for IPython. */
const PREFIXES = ['!', '!!', '%', '%%', ',', ';', '/', '?', '??', '>>> ', 'In [1]: ', '@', '...'];
const OTHERS = [
  'plain',
  '"',
  "'",
  '\\',
  '"""',
  '\t\b',
  '\x7f',
  '€ 🙂',
  '\ud800',
  '\udc00\ud800',
  '{}%s$& $1',
  '',
];

const HOSTILE = [
  ...OTHERS,
  ...ENDS.flatMap(end => PREFIXES.map(prefix => `a${end}${prefix}os.system touch pwned${end}"`)),
  ...PREFIXES.flatMap(prefix => [`${prefix}ls`, `a${prefix}`, `a ${prefix} b`, `a = ${prefix}ls`]),
  '\u202e\u2066txt.exe\u2069',
];

/** One in seven, in which each end and each prefix is found again. */
const SOME = HOSTILE.filter((_, i) => i % 7 === 0);

const REQUEST: RunRequest = {
  data: { name: 'data', converted: true },
  model: { name: 'net', converted: true },
  layers: HOSTILE,
  analyses: offers('iua', 'pfa'),
  options: new Map(),
  batchSize: 32,
  checkpoint: null,
  taken: new Set(),
};

/** ASCII, so that editors and git show all of it. */
function ascii(value: unknown): string {
  return JSON.stringify(value, null, 1).replace(
    /[^\n\x20-\x7e]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What Python checks by IPython's own transformer: tests/lab/test_generated_code.py. */
function written() {
  const code = (name: string) => runCode({ ...REQUEST, layers: [name], checkpoint: `kept/${name}` });
  const from = (name: string) => ({ folder: name, root: `/${name}` });
  const recipe = { strategy: 'kl', value: 0 } as const;
  return {
    literals: HOSTILE.map(text => [text, pythonText(text)]),
    cells: [
      { names: HOSTILE, code: runCode(REQUEST).cell },
      { names: SOME, code: runCode({ ...REQUEST, layers: SOME, model: null }).cell },
      ...SOME.flatMap(name => [
        { names: [name, `kept/${name}`], code: code(name).cell },
        { names: [`${name}.dvreport`], code: openCode(`${name}.dvreport`, new Set()) },
        {
          names: [name],
          code: recipeCode({ run: name, file: null, introspector: name, over: true, recipe }),
        },
        {
          names: [name, `/${name}`],
          code: recipeCode({ run: 'r1', file: `/${name}`, introspector: name, over: true, recipe }),
        },
      ]),
    ],
    expressions: SOME.flatMap(name => [
      { names: [name, `/${name}`], code: openExpression(name, from(name)) },
      { names: [name, `/${name}`], code: saveExpression(name, name, from(name)) },
    ]),
    recipe_of_report: recipeCode({
      run: 'r1',
      file: 'audit.dvreport',
      introspector: 'pfa',
      over: true,
      recipe: { strategy: 'size', value: 0.5 },
    }),
  };
}

it('the code of hostile names is what Python has tested', async () => {
  await expect(ascii(written())).toMatchFileSnapshot('../../../protocol/generated_code.json');
});

it('nothing but printable ASCII stands in a literal, and Python reads the letters of Unicode back', () => {
  // All of the first plane, and some of each of the others.
  const points = Array.from({ length: 0x110000 }, (_, point) => point).filter(
    point => point < 0x10000 || point % 257 === 0,
  );
  const literals = points.map(point => pythonText(String.fromCodePoint(point)));
  expect(literals.filter(literal => !/^"[\x20-\x7e]+"$/.test(literal))).toEqual([]);
  const program =
    'import ast, sys\nlines = sys.stdin.read().split("\\n")\n' +
    'read = [ord(c) for line in lines for c in ast.literal_eval(f"({line})")]\n' +
    'print(read == [*range(0x10000), *(p for p in range(0x10000, 0x110000) if p % 257 == 0)])';
  const groups = Array.from({ length: Math.ceil(literals.length / 256) }, (_, i) =>
    literals.slice(256 * i, 256 * (i + 1)).join(','),
  );
  expect(execFileSync('python3', ['-c', program], { input: groups.join('\n'), encoding: 'utf8' })).toBe(
    'True\n',
  );
});

it('a run that begins anew is kept under the new name, whatever is in the old one', () => {
  const when = new Date('2027-01-02T03:04:05.678Z');
  for (const name of HOSTILE) {
    const kept = runCode({ ...REQUEST, layers: null, checkpoint: `deepview-checkpoints/${name}` });
    const { cell, checkpoint } = anew(kept, when);
    expect(checkpoint).toBe(`deepview-checkpoints/${name}-20270102-030405`);
    expect(cell).toContain(`checkpoint=${pythonText(checkpoint ?? '')},`);
  }
});

it.each(['ﬁle', 'ℌ', '𝐱', 'ｅｖａｌ', 'Å'.normalize('NFD'), 'a\u2028b', 'a\u202e', 'a\u200b'])(
  '%j is none of the names that code may hold: Python would read another',
  name => {
    expect(isIdentifier(name)).toBe(false);
    expect(() => runCode({ ...REQUEST, data: { name, converted: true } })).toThrow(RangeError);
  },
);
