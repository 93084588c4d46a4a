import { beforeEach, describe, expect, it } from 'vitest';
import type { LayerInfo } from '../../src/protocol/messages';
import { anew } from '../../src/store/launch/checkpoint';
import { checkpointSize } from '../../src/store/launch/checkpointSize';
import { type RunRequest, runCode } from '../../src/store/launch/code';
import type { Launched } from '../../src/store/launch/launcher';
import { sizeText } from '../../src/views/panel/checkpointWords';
import { drawn } from '../support/canvas';
import { PanelUnderTest } from '../support/panel';
import { offers } from '../support/offers';

const REQUEST: RunRequest = {
  data: { name: 'train_ds', converted: false },
  model: null,
  layers: null,
  analyses: offers('iua'),
  options: new Map(),
  batchSize: 64,
  checkpoint: null,
  taken: new Set(),
};

describe('a run that is kept on disk', () => {
  const kept = runCode({ ...REQUEST, checkpoint: 'deepview-checkpoints/train_ds-20261124-083512' });

  it('names its folder', () => {
    expect(kept.start).toContain(
      '    batch_size=64,\n    checkpoint="deepview-checkpoints/train_ds-20261124-083512",\n)',
    );
    expect(runCode(REQUEST).start).not.toContain('checkpoint');
  });

  it('run anew is kept in another folder, or in none as before', () => {
    const when = new Date('2027-01-02T03:04:05.678Z');
    const again = anew(kept, when);
    expect(again.checkpoint).toBe('deepview-checkpoints/train_ds-20270102-030405');
    expect(again.cell).toBe(kept.cell.replace('20261124-083512', '20270102-030405'));
    expect(anew(runCode(REQUEST), when)).toEqual(runCode(REQUEST));
  });
});

describe('the size of a checkpoint', () => {
  const layer = (shape: (number | null)[], units: number | null): LayerInfo => ({
    group: null,
    name: 'x',
    kind: 'dense',
    type: 'Dense',
    shape,
    units,
  });
  const size = (kinds: string[], ...layers: LayerInfo[]) => checkpointSize(offers(...kinds), layers);

  it('is that of the counts, the covariances and the rows that wait for a product', () => {
    expect(size(['iua'], layer([null, 4, 4, 8], 8))).toEqual({
      fixed: 8 * 128,
      perSample: 4,
      atLeast: false,
    });
    expect(size(['pfa'], layer([null, 1000], 1000))).toEqual({
      fixed: 8 * 1000 * 1001 + 4 * 1000 * 2048,
      perSample: 0,
      atLeast: false,
    });
    expect(size(['pfa'], layer([null, 9000], 9000))).toEqual({ fixed: 0, perSample: 0, atLeast: false });
  });

  it('counts the rows of all analyses of samples once', () => {
    const dense = layer([null, 100], 100);
    expect(size(['familiarity'], dense, dense)).toEqual({
      fixed: 0,
      perSample: 40 + 2 * 401,
      atLeast: false,
    });
    expect(size(['duplicates', 'labels', 'familiarity'], dense, dense)).toEqual(
      size(['familiarity'], dense, dense),
    );
  });

  it('is more than what is known where a length is not known before data comes', () => {
    const open = { perSample: 4, atLeast: true };
    expect(size(['iua'], layer([null, null, 8], 8))).toEqual({ fixed: 8 * 8, ...open });
    expect(size(['iua'], layer([null, 8], null))).toEqual({ fixed: 8 * 8, ...open });
    expect(size(['iua'])).toBeNull();
  });

  it('is told in two digits, for each 1,000 samples where their number is not known', () => {
    expect(sizeText({ fixed: 281_700_000, perSample: 0, atLeast: false }, 500)).toBe('about 280 MB');
    expect(sizeText({ fixed: 0, perSample: 402, atLeast: false }, 70_000)).toBe('about 28 MB');
    expect(sizeText({ fixed: 16_000, perSample: 402, atLeast: false }, null)).toBe(
      'about 16 KB, and 400 KB per 1,000 samples',
    );
    expect(sizeText({ fixed: 5_000, perSample: 1, atLeast: true }, 10)).toBe('at least 5.0 KB');
    expect(sizeText(null, 500)).toBe('');
  });
});

describe('the card of a run', () => {
  let panel: PanelUnderTest;
  let finish: (launched: Launched) => void;

  beforeEach(async () => {
    panel = new PanelUnderTest();
    panel.execute.mockImplementation(
      () =>
        new Promise(resolve => {
          finish = resolve;
        }),
    );
    await panel.show(['hello', { runs: [] }], 'namespace', 'source_layers');
    await panel.click(panel.button('All shown'));
  });

  async function restarted(fields: Record<string, unknown>): Promise<string> {
    await panel.show(['run', fields], ['hello', { session: 's2', runs: [], seq: 2 }]);
    return panel.get('dv-run').textContent;
  }

  it('of a cell says how it goes on after a restart', async () => {
    expect(await restarted({ checkpoint: 'kept/audit', kept_batches: 128 })).toContain(
      'The kernel was restarted. Results up to batch 128 are kept on disk. ' +
        'Run the cells that define its model and data and the one that started it: the run resumes from there.',
    );
  });

  it('of a cell says so after it was stopped, and nothing once it is done', async () => {
    const kept = { checkpoint: 'kept/audit', kept_batches: 128 };
    await panel.show(['run', { ...kept, status: 'cancelled' }]);
    expect(panel.get('dv-run-kept').textContent).toBe(
      'Results up to batch 128 are kept on disk. Run the code that started it again: the run resumes from there.',
    );
    await panel.show(['run', { ...kept, status: 'done' }]);
    expect(panel.all('dv-run-kept')).toEqual([]);
  });

  it('that is not on disk yet says that it cannot go on', async () => {
    expect(await restarted({ checkpoint: 'kept/audit', kept_batches: null })).toContain(
      'this run cannot resume',
    );
  });

  it('is offered no more once another run went on from there, but still while that one has not got as far', async () => {
    expect(await restarted({ checkpoint: 'kept/audit', kept_batches: 128 })).toContain(
      'the run resumes from there',
    );
    const next = { run: 'r2', checkpoint: 'kept/audit', kept_batches: null };
    await panel.show(['run', { ...next, batches: 0, status: 'failed' }]);
    expect(panel.all('dv-run-continued')).toEqual([]);
    await panel.show(['run', { ...next, batches: 128, kept_batches: 128, status: 'running' }]);
    expect(panel.all('dv-run-continued')).toHaveLength(1);
    const [, older] = panel.all('dv-run');
    expect(older?.textContent).toContain('A newer run resumed from its checkpoint.');
    expect(older?.textContent).not.toContain('the run resumes from there');
  });

  it('shows its note', async () => {
    await panel.show(['run', { status: 'done', note: 'Stopped at 4,096 samples: all layers stable.' }]);
    expect(panel.get('dv-run-note').textContent).toBe('Stopped at 4,096 samples: all layers stable.');
  });

  it('of a cell is not run from here, since only its author knows what else it does; it can be inserted', async () => {
    const code = '%deepview iua train_ds --checkpoint kept/audit';
    await panel.show(['origin', { code, variable: null, checkpoint: null }]);
    await panel.show(['run', { checkpoint: 'kept/audit', kept_batches: 128, status: 'cancelled' }]);
    expect([...panel.all('dv-resume'), ...panel.all('dv-run-again')]).toEqual([]);
    await panel.click(panel.button('Insert the code of audit'));
    expect(panel.insertCode.mock.calls).toEqual([[code]]);
  });

  it('of a panel, another one or this one before its page was reloaded, is run again as it was', async () => {
    const request = { ...REQUEST, checkpoint: 'deepview-checkpoints/train_ds-20261124-083512' };
    const { start, cell, variable, checkpoint } = runCode(request);
    await panel.show(['origin', { code: start, variable, checkpoint }]);
    await panel.show(['run', { checkpoint, kept_batches: 128, status: 'cancelled' }]);
    await panel.click(panel.button('Resume audit from its checkpoint'));
    expect(panel.execute.mock.lastCall?.[0]).toEqual({ start, cell, variable, checkpoint });
    finish({ problem: null });
    await drawn();
    await panel.click(panel.button('Run audit again'));
    expect(panel.execute.mock.lastCall?.[0].start).toBe(
      start.replace('20261124-083512', panel.execute.mock.lastCall?.[0].checkpoint?.slice(-15) ?? ''),
    );
    await panel.click(panel.button('Insert the code of audit'));
    expect(panel.insertCode.mock.calls).toEqual([[cell]]);
  });

  it('whose code the kernel does not know has nothing to insert', async () => {
    await panel.show(['run', { status: 'done' }]);
    expect(panel.all('dv-insert-run')).toEqual([]);
  });

  it('says what is on disk, how large it is and since when', async () => {
    const told = () => panel.get('dv-run-on-disk').textContent;
    await panel.show([
      'run',
      { checkpoint: 'kept/audit', kept_batches: null, kept_bytes: null, kept_at: null },
    ]);
    expect(told()).toBe('Nothing is on disk yet');
    const when = new Date();
    when.setHours(14, 2);
    const kept = { kept_batches: 44, kept_bytes: 282_000_000, kept_at: when.getTime() / 1000 };
    await panel.show(['run', { checkpoint: 'kept/audit', total_batches: 73, ...kept }]);
    expect(told()).toBe('On disk: batch 44 / 73 · 282 MB · 14:02');
    await panel.show(['run', { checkpoint: null, kept_batches: null }]);
    expect(panel.all('dv-run-on-disk')).toEqual([]);
  });

  it('kept on disk, goes on in its folder after a restart, and begins in another when it is done again', async () => {
    expect(panel.get('dv-keep-size').textContent).toMatch(/^at least \d+(\.\d)? (KB|MB)$/);
    await panel.click(panel.get('dv-keep'));
    await panel.click(panel.get('dv-run-button'));
    finish({ problem: null });
    await panel.tellOrigin('r1');
    const folder = 'deepview-checkpoints/train_ds-';
    await panel.show(['run', { checkpoint: `${folder}20261124-083512`, kept_batches: 128 }]);
    await panel.show(['hello', { session: 's2', runs: [] }]);
    expect(panel.get('dv-run').textContent).toContain(
      'Results up to batch 128 are kept on disk. Run the cells that define its model and data, then resume it.',
    );
    await panel.click(panel.button('Resume from checkpoint'));
    finish({ problem: null });
    const [first, second] = panel.execute.mock.calls.map(([code]) => code);
    expect(first?.checkpoint).toMatch(/^deepview-checkpoints\/train_ds-\d{8}-\d{6}$/);
    expect(first?.start).toContain(`checkpoint="${first?.checkpoint ?? ''}",`);
    expect(second).toEqual(first);
    await panel.tellOrigin('r2');
    const failed = { run: 'r2', status: 'failed', checkpoint: first?.checkpoint, kept_batches: 130 };
    await panel.show(['run', { ...failed, seq: 3 }]);
    await panel.click(panel.button('Resume audit from its checkpoint'));
    finish({ problem: null });
    await drawn();
    await panel.click(panel.button('Run audit again'));
    const calls = panel.execute.mock.calls.map(([code]) => code.checkpoint);
    expect(calls.slice(0, 3)).toEqual([first?.checkpoint, first?.checkpoint, first?.checkpoint]);
    expect(calls[3]).toMatch(/^deepview-checkpoints\/train_ds-\d{8}-\d{6}$/);
  });
});
