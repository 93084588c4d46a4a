import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Output, keepOutputs } from '../../src/hosts/lab/canvas/keepOutputs';
import { SAVED_MIME } from '../../src/protocol/messages';
import { decodeSavedRun, encodeSavedRun } from '../../src/protocol/savedRun';
import { altered, arrow, json } from '../support/fixtures';
import { answer, clock, data, kernel, link } from '../support/link';

const VIEW = 'application/vnd.jupyter.widget-view+json';

class FakeOutput implements Output {
  /** How often it was changed. */
  changes = 0;

  constructor(public data: ReadonlyPartialJSONObject) {}

  setData({ data }: { data: ReadonlyPartialJSONObject }): void {
    this.data = data;
    this.changes++;
  }

  get state(): unknown {
    return decodeSavedRun(this.data[SAVED_MIME]).messages[0];
  }
}

/** What the kernel puts into an output when the run is displayed. */
function displayed(session: string, fields: Record<string, unknown> = {}): FakeOutput {
  const message = altered('run', { batches: 0, samples: 0, ...fields });
  const saved: unknown = JSON.parse(
    JSON.stringify(encodeSavedRun(session, 'r1', [{ data: message, buffers: [] }])),
  );
  return new FakeOutput({
    'text/html': 'running, 0 samples',
    'text/plain': '<Run>',
    [VIEW]: { model_id: 'm' },
    ...(typeof saved === 'object' && { [SAVED_MIME]: { ...saved } }),
  });
}

function keep(...outputs: readonly FakeOutput[]): void {
  const cells = [{}, { outputs: { length: outputs.length, get: (i: number) => outputs[i] } }];
  keepOutputs(cells, (session, run) => (link.store.run(run)?.session === session ? link : null));
}

function say(message: unknown, buffers: readonly Uint8Array[] = []): void {
  data().onMsg({ content: { data: message }, buffers });
  clock.advance(250);
}

describe('when a notebook is saved', () => {
  beforeEach(async () => {
    await answer();
    say(json('run'));
    say(json('layers'));
    say(json('iua'), [arrow('iua')]);
  });

  it('its output gets what the kernel said last, in all forms', () => {
    const output = displayed('s1');
    keep(output);
    expect(decodeSavedRun(output.data[SAVED_MIME]).messages.map(({ kind }) => kind)).toEqual([
      'run',
      'layers',
      'snapshot',
    ]);
    expect(output.state).toMatchObject({ batches: 132, status: 'running' });
    expect(output.data['text/html']).toContain('saved while running, 8,448 of 12,400 samples');
    expect(output.data['text/html']).toContain('block/relu_1');
    expect(output.data['text/plain']).toBe("<Run r1 'audit': saved while running, 8,448 of 12,400 samples>");
    // Its model is not in the file: JupyterLab without our extension would show an error in its place.
    expect(output.data).not.toHaveProperty([VIEW]);
  });

  it('a second time changes nothing, which would make the notebook look changed', () => {
    const output = displayed('s1');
    keep(output);
    keep(output);
    expect(output.changes).toBe(1);
  });

  it('what a kernel that is gone said is kept', () => {
    kernel.become('dead');
    const output = displayed('s1');
    keep(output);
    expect(output.state).toMatchObject({ batches: 132 });
  });

  it.each([
    ['of another kernel', displayed('s0')],
    ['of a run that has ended', displayed('s1', { status: 'done' })],
    ['that know more', displayed('s1', { batches: 133 })],
    ['that are not ours', new FakeOutput({ 'text/plain': '1' })],
    ['that cannot be read', new FakeOutput({ [SAVED_MIME]: 'nothing' })],
  ])('outputs %s stay as they are', (_, output) => {
    keep(output);
    expect(output.changes).toBe(0);
  });
});
