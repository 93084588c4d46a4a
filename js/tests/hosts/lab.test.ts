import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/hosts/lab/commands/commandIds';
import { demoCells } from '../../src/hosts/lab/demo/demoNotebook';
import { mark, shownIn } from '../../src/hosts/tab';
import { DEFAULTS } from '../../src/store/shared/preferences';
import { EMPTY, type RunStatus, type State } from '../../src/store/kernel/state';
import { newestFor, openRuns, runsOf } from '../../src/store/kernel/runChoice';
import { reduce } from '../../src/store/kernel/reduce';
import { incoming } from '../support/fixtures';

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Everything in a JSON value that stands under a key. */
function under(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => [
    ...(name === key ? [inner] : []),
    ...under(key, inner),
  ]);
}

describe('the schema of the settings', () => {
  const schema = json('schema/settings.json');

  it('has the defaults that the canvas has without settings', () => {
    const [properties] = under('properties', schema);
    const defaults = { ...DEFAULTS, panelSide: 'left', openRuns: true };
    expect(Object.keys(properties ?? {}).sort()).toEqual(Object.keys(defaults).sort());
    for (const [name, value] of Object.entries(defaults)) {
      expect(properties).toHaveProperty([name, 'default'], value);
    }
  });

  it('names commands that there are', () => {
    const commands = under('command', schema);
    expect(commands.length).toBeGreaterThan(5);
    expect(Object.values(COMMANDS)).toEqual(expect.arrayContaining(commands));
  });

  it('takes no key', () => {
    expect(under('jupyter.lab.shortcuts', schema)).toEqual([]);
  });
});

describe('keys', () => {
  it('are heard inside our elements only: no source listens to the page or binds a command', () => {
    const listening = readdirSync('js/src', { withFileTypes: true, recursive: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .filter(path =>
        /addKeyBinding|(document|window|body)\s*\.\s*(addEventListener\(\s*['"]key|onkey)/.test(
          readFileSync(path, 'utf8'),
        ),
      );
    expect(listening).toEqual([]);
  });
});

describe('the demo', () => {
  it('has the code of the example notebook', () => {
    const cells = under('cells', json('examples/demo.ipynb')).flat();
    const code = cells.filter(cell => under('cell_type', cell)[0] === 'code');
    const sources = code.map(cell => under('source', cell).flat().join(''));
    expect(
      demoCells()
        .filter(cell => cell.cell_type === 'code')
        .map(({ source }) => source),
    ).toEqual(sources);
  });

  it('gives each cell an id of its own', () => {
    const ids = demoCells().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the newest run', () => {
  function stateWith(...statuses: RunStatus[]): State {
    return statuses.reduce(
      (state, status, i) => reduce(state, incoming('run', { run: `r${String(i)}`, status })),
      EMPTY,
    );
  }

  it.each([
    ['pause', 'r1'],
    ['resume', 'r2'],
    ['cancel', 'r3'],
  ] as const)('that can be asked to %s is %s', (steer, id) => {
    const state = stateWith('running', 'running', 'paused', 'pending', 'done', 'failed', 'cancelling');
    expect(newestFor(steer, state)?.id).toBe(id);
    expect(newestFor(steer, stateWith('done', 'cancelled'))).toBeNull();
  });

  it('is not one that the kernel has forgotten', () => {
    const state = reduce(stateWith('running'), incoming('hello', { session: 'another', runs: [] }));
    const restarted = reduce(state, incoming('hello', { session: 'a third', runs: [] }));
    expect(runsOf(restarted)).toEqual([]);
    expect(newestFor('pause', restarted)).toBeNull();
  });

  it('counts as open until it has ended', () => {
    expect(openRuns(runsOf(stateWith('running', 'done', 'paused', 'failed', 'cancelled', 'pending')))).toBe(
      3,
    );
  });
});

describe('an output', () => {
  it('tells the run of the canvas in it', () => {
    const output = document.createElement('div');
    expect(shownIn(output)).toBeNull();
    const host = document.createElement('div');
    output.append(host);
    mark(host, { kernel: 'k1', run: 'r1' });
    expect(shownIn(output)).toEqual({ kernel: 'k1', run: 'r1' });
  });
});
