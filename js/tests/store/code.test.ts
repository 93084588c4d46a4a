import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type RunRequest, runCode } from '../../src/store/launch/code';
import { isIdentifier, pythonText } from '../../src/store/shared/python';
import { offers } from '../support/offers';

const REQUEST: RunRequest = {
  data: { name: 'train_ds', converted: false },
  model: { name: 'model', converted: false },
  layers: ['relu1', 'relu2'],
  analyses: offers('pfa', 'iua'),
  options: new Map(),
  batchSize: 64,
  checkpoint: null,
  taken: new Set(),
};

function cell(changes: Partial<RunRequest>): string {
  return runCode({ ...REQUEST, ...changes }).cell;
}

function lines(...text: string[]): string {
  return text.join('\n');
}

describe('the code of a run', () => {
  it('of a DeepView model', () => {
    expect(cell({})).toBe(
      lines(
        'import deepview_lab',
        'from deepview_lab.base import pipeline',
        'from deepview_lab.introspectors import IUA, PFA',
        '',
        'run = deepview_lab.start(',
        '    pipeline(train_ds, model(["relu1", "relu2"])),',
        '    IUA.spec(),',
        '    PFA.spec(pool="average"),',
        '    batch_size=64,',
        ')',
        'run',
      ),
    );
  });

  it('that the button executes is the cell without its last line', () => {
    const code = runCode(REQUEST);
    expect(code.cell).toBe(`${code.start}\nrun`);
    expect(code.variable).toBe('run');
  });

  it('of a model of a framework and of plain data converts both', () => {
    const text = cell({
      data: { name: 'x', converted: true },
      model: { name: 'net', converted: true },
      layers: null,
    });
    expect(text).toContain('    pipeline(deepview_lab.as_producer(x), deepview_lab.as_model(net)()),\n');
    const alone = cell({ data: { name: 'x', converted: true }, model: null, layers: null });
    expect(alone).toContain('start(\n    deepview_lab.as_producer(x),\n');
  });

  it('of all layers names none', () => {
    expect(cell({ layers: null })).toContain('    pipeline(train_ds, model()),\n');
  });

  it('of a pipeline that ends in a model keeps the chosen layers, or needs no stage for all', () => {
    const some = cell({ model: null, data: { name: 'whole', converted: false } });
    expect(some).toContain('from deepview_lab.processors import FieldRemover\n');
    expect(some).toContain('    pipeline(whole, FieldRemover(fields=["relu1", "relu2"], keep=True)),\n');
    const all = cell({ model: null, data: { name: 'whole', converted: false }, layers: null });
    expect(all).toContain('start(\n    whole,\n');
    expect(all).not.toContain('pipeline');
  });

  it.each([
    [{ analyses: offers('pfa') }, 'import PFA\n', 'IUA'],
    [{ analyses: offers('iua') }, 'import IUA\n', 'PFA'],
    [
      { analyses: offers('duplicates', 'iua') },
      'import Duplicates, IUA\n\nrun = deepview_lab.start(\n    pipeline(train_ds, model(["relu1", "relu2"])),\n    IUA.spec(),\n    Duplicates.spec(pool="average"),\n',
      'PFA',
    ],
    [
      { analyses: offers('labels') },
      'import LabelProblems\n\nrun = deepview_lab.start(\n    pipeline(train_ds, model(["relu1", "relu2"])),\n    LabelProblems.spec(pool="average"),\n',
      'evidence',
    ],
    [
      { analyses: offers('labels', 'pfa'), options: new Map([['evidence', 'neighbours']]) },
      '    PFA.spec(pool="average"),\n    LabelProblems.spec(pool="average", evidence="neighbours"),\n',
      'PFA.spec(pool="average", evidence',
    ],
    [{ options: new Map([['evidence', 'familiarity']]) }, 'PFA.spec(pool="average")', 'evidence'],
    [{ options: new Map([['pool', 'none']]) }, 'PFA.spec(pool=None)', '"average"'],
    [
      { options: new Map([['pool', 'max']]), batchSize: 7 },
      'PFA.spec(pool="max"),\n    batch_size=7,',
      '"average"',
    ],
  ] as const)('with %j', (changes, present, absent) => {
    expect(cell(changes)).toContain(present);
    expect(cell(changes)).not.toContain(absent);
  });

  it('of an analysis of the user imports its class, or takes it from the notebook', () => {
    const analyses = offers('iua', 'activation_range');
    expect(cell({ analyses, model: null, layers: null })).toBe(
      lines(
        'import deepview_lab',
        'from deepview_lab.introspectors import IUA',
        'from own_analysis import ActivationRange',
        '',
        'run = deepview_lab.start(',
        '    train_ds,',
        '    IUA.spec(),',
        '    ActivationRange.spec(),',
        '    batch_size=64,',
        ')',
        'run',
      ),
    );
    const here = analyses.map(offer => (offer.kind === 'iua' ? offer : { ...offer, module: '__main__' }));
    const options = new Map([['of', 'magnitudes']]);
    const text = cell({ analyses: here, options, taken: new Set(['ActivationRange', 'IUA']) });
    expect(text).toContain('    dv_IUA.spec(),\n    ActivationRange.spec(of="magnitudes"),\n');
    expect(text.match(/import .*/g)).not.toContain('ActivationRange');
  });

  it('of many layers has short lines', () => {
    const layers = Array.from({ length: 60 }, (_, i) => `block_${i}/relu`);
    const text = cell({ layers });
    expect(Math.max(...text.split('\n').map(line => line.length))).toBeLessThanOrEqual(88);
    expect(text.split('\n').length).toBeLessThan(40);
    expect(text).toContain(
      lines(
        '    pipeline(',
        '        train_ds,',
        '        model([',
        '            "block_0/relu", "block_1/relu", "block_2/relu", "block_3/relu",',
      ),
    );
    expect(text).toContain(lines('        ]),', '    ),', '    IUA.spec(),'));
  });

  it('binds no name that holds something else', () => {
    const taken = new Set(['run', 'pipeline', 'IUA', 'dv_IUA', 'deepview_lab']);
    const code = runCode({ ...REQUEST, data: { name: 'pipeline', converted: false }, taken });
    expect(code.variable).toBe('dv_run');
    expect(code.cell).toBe(
      lines(
        'import deepview_lab as dv_deepview_lab',
        'from deepview_lab.base import pipeline as dv_pipeline',
        'from deepview_lab.introspectors import IUA as dv_dv_IUA, PFA',
        '',
        'dv_run = dv_deepview_lab.start(',
        '    dv_pipeline(pipeline, model(["relu1", "relu2"])),',
        '    dv_dv_IUA.spec(),',
        '    PFA.spec(pool="average"),',
        '    batch_size=64,',
        ')',
        'dv_run',
      ),
    );
  });

  it.each(['a b', '1st', 'class', 'x; import os', 'a.b', '', 'x\n'])('refuses %j for a variable', name => {
    expect(() => cell({ data: { name, converted: true } })).toThrow(RangeError);
    expect(() => cell({ model: { name, converted: true } })).toThrow(RangeError);
  });
});

it.each(['a', '_', 'größe', 'x1', 'Ωmega', 'match', 'type'])('%s is a name in Python', name => {
  expect(isIdentifier(name)).toBe(true);
});

const HOSTILE = [
  'plain',
  '"',
  '\\',
  "'",
  '\n',
  '\r\n',
  '\t\b\f',
  '\0',
  '\x7f',
  '\u2028',
  '€ 🙂',
  '\ud800',
  '{}%s',
  '"""',
];

it('text is the same text in Python', () => {
  const expression = `[[ord(c) for c in text] for text in [${HOSTILE.map(pythonText).join(', ')}]]`;
  const out = execFileSync('python3', ['-c', `import json\nprint(json.dumps(${expression}))`], {
    encoding: 'utf8',
  });
  const read: unknown = JSON.parse(out);
  expect(read).toEqual(HOSTILE.map(text => Array.from(text, letter => letter.codePointAt(0))));
});

it('the code of hostile layer names is Python that calls nothing else', () => {
  const { start } = runCode({ ...REQUEST, layers: HOSTILE });
  const program =
    'import ast, json, sys\ntree = ast.parse(sys.stdin.buffer.read().decode("utf-8"))\n' +
    'print(json.dumps([ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)]))';
  const out = execFileSync('python3', ['-c', program], { input: start, encoding: 'utf8' });
  const calls: unknown = JSON.parse(out);
  expect(calls).toEqual(['deepview_lab.start', 'pipeline', 'IUA.spec', 'PFA.spec', 'model']);
});
