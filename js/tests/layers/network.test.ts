import { beforeEach, describe, expect, it } from 'vitest';
import { ALL, CanvasUnderTest, drawn } from '../support/canvas';

let canvas: CanvasUnderTest;

beforeEach(() => {
  canvas = new CanvasUnderTest();
});

describe('a running run', () => {
  it('says how far it is', async () => {
    await canvas.show(...ALL);
    expect(canvas.get('dv-canvas').dataset).toMatchObject({ seq: '5', status: 'running', run: 'r1' });
    expect(canvas.get('dv-progress').textContent).toBe(
      'batch 132 / 194 · 8,448 of 12,400 samples · 212/s · ETA 19 s',
    );
    expect(canvas.text).toContain('Running');
    expect(canvas.host.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')).toBe('68.1');
  });

  it('without a known end shows neither total nor time left', async () => {
    await canvas.show(['run', { total_batches: null, total_samples: null, eta: null }], 'layers');
    expect(canvas.get('dv-progress').textContent).toBe('batch 132 · 8,448 samples · 212/s');
    expect(canvas.host.querySelector('[role="progressbar"]')?.hasAttribute('aria-valuenow')).toBe(false);
  });

  it('shows in each row what the introspectors found', async () => {
    await canvas.show(...ALL);
    expect(canvas.cells('block/relu_1')).toEqual([
      'block/relu_1',
      'ReLU',
      '16',
      '50.6%plus or minus 6.3%',
      '3',
      '', // the strip is a picture
      '7 / 16',
      '1.43',
      '', // and so is the energy
      'streaming',
    ]);
    expect(canvas.row('block/relu_1').querySelector('canvas')?.getAttribute('aria-label')).toMatch(
      /^3 of 16 units dead/,
    );
    expect(canvas.row('conv_1').textContent).toContain('no exact zeros');
    expect(canvas.row('dense').textContent).toContain('2 samples left out: NaN, infinite or above 3.4e+38.');
  });

  it('has no columns of introspectors that are not in it', async () => {
    await canvas.show(['run', { introspections: [{ name: 'iua', analysis: 'iua' }] }], 'layers', 'iua');
    expect(canvas.text).toContain('Inactive units');
    expect(canvas.text).not.toContain('Principal filters');
  });

  it('shows what a kernel says as text, never as markup', async () => {
    await canvas.show(['run', { name: '<img src=x onerror=alert(1)>' }], 'layers');
    expect(canvas.host.querySelector('img')).toBeNull();
    expect(canvas.text).toContain('<img src=x onerror=alert(1)>');
  });

  it('of a producer that knows no kinds has no column for them', async () => {
    await canvas.show('run', 'iua');
    expect(canvas.text).not.toContain('Kind');
    expect(canvas.rows()).toHaveLength(4);
  });

  it('tells screen readers', async () => {
    await canvas.show(...ALL);
    expect(canvas.host.querySelector('[aria-live="polite"]')?.textContent).toBe('Batch 132 of 194');
  });
});

describe('states', () => {
  it('before the first batch the layers wait for their numbers', async () => {
    await canvas.show(['run', { batches: 0, samples: 0 }], 'layers');
    expect(canvas.names()).toEqual(['conv_1', 'block/relu_1', 'flatten', 'dense']);
    expect(canvas.host.querySelectorAll('.dv-Skeleton').length).toBeGreaterThan(0);
    expect(canvas.text).toContain('Starting');
    expect(canvas.text).toContain(
      'Waiting for the first of 194 batches. Layer names and sizes are already known.',
    );
  });

  it('a failed run says why and what was kept', async () => {
    await canvas.show('run_failed', 'layers', 'iua');
    const alert = canvas.host.querySelector('[role="alert"]');
    expect(alert?.textContent).toContain('The file <b>ended</b> early.');
    expect(alert?.textContent).toContain('What was computed is kept: 17 batches.');
    expect(alert?.querySelector('details pre')?.textContent).toBe('Traceback ...');
    expect(canvas.text).toContain('Failed');
  });

  it.each([
    ['pending', 'Waiting'],
    ['cancelling', 'Stopping'],
    ['cancelled', 'Stopped'],
    ['done', 'Finished'],
  ])('a run that is %s has the pill %s', async (status, word) => {
    await canvas.show(['run', { status }], 'layers', 'iua');
    expect(canvas.pill).toBe(word);
  });

  it.each([
    ['saved', 'Saved'],
    ['disconnected', 'Disconnected'],
  ] as const)('with the kernel %s the table stays, without Stop', async (link, word) => {
    await canvas.show(...ALL);
    canvas.store.link.value = link;
    await drawn();
    expect(canvas.pill).toBe(word);
    expect(canvas.rows()).toHaveLength(4);
    expect(canvas.host.querySelector('[data-testid="dv-cancel"]')).toBeNull();
    expect(canvas.row('conv_1').textContent).toContain('at batch 132');
  });

  it('a message that cannot be read is told, until everything comes again', async () => {
    await canvas.show(...ALL);
    canvas.store.problem.value = 'message.name: expected text, got 7.';
    await drawn();
    expect(canvas.text).toContain('A message from the kernel could not be read. message.name: expected text');
    await canvas.show('hello');
    expect(canvas.text).not.toContain('could not be read');
  });

  it('a running run can be paused and a paused one resumed or stopped', async () => {
    await canvas.show(...ALL);
    canvas.get('dv-pause').click();
    expect(canvas.pause).toHaveBeenCalledWith('r1');
    await canvas.show(['run', { status: 'paused' }]);
    expect(canvas.pill).toBe('Paused');
    expect(canvas.get('dv-progress').textContent).not.toContain('ETA');
    expect(canvas.get('dv-pause').textContent).toBe('Resume');
    canvas.get('dv-pause').click();
    expect(canvas.resume).toHaveBeenCalledWith('r1');
    canvas.get('dv-cancel').click();
    expect(canvas.cancel).toHaveBeenCalledWith('r1');
  });

  it('Stop that the kernel does not hear offers the interrupt', async () => {
    await canvas.show(...ALL);
    canvas.get('dv-cancel').click();
    expect(canvas.cancel).toHaveBeenCalledWith('r1');
    canvas.clock.advance(1500);
    await drawn();
    expect(canvas.text).toContain('The kernel is busy with this cell and cannot hear Stop.');
    canvas.button('Interrupt').click();
    expect(canvas.interrupt).toHaveBeenCalledOnce();
  });
});

describe('sorting and filtering', () => {
  it('a click on a head sorts descending, then ascending, then as the network', async () => {
    await canvas.show(...ALL);
    const head = () => canvas.button('Inactive units: Inactive per sample');
    head().click();
    await drawn();
    expect(canvas.names()).toEqual(['dense', 'flatten', 'block/relu_1', 'conv_1']);
    expect(head().closest('th')?.getAttribute('aria-sort')).toBe('descending');
    head().click();
    await drawn();
    expect(canvas.names()).toEqual(['conv_1', 'block/relu_1', 'flatten', 'dense']);
    expect(head().closest('th')?.getAttribute('aria-sort')).toBe('ascending');
    head().click();
    await drawn();
    expect(head().closest('th')?.hasAttribute('aria-sort')).toBe(false);
  });

  it('chips show the layers of a kind', async () => {
    await canvas.show(...ALL);
    const chip = canvas.host.querySelector<HTMLElement>('.dv-Chip');
    expect(chip?.textContent).toBe('Conv2D1');
    chip?.click();
    await drawn();
    expect(canvas.names()).toEqual(['conv_1']);
    expect(chip?.getAttribute('aria-pressed')).toBe('true');
    expect(canvas.text).toContain('1 of 4 layers');
  });

  it('a filter that nothing matches can be cleared', async () => {
    await canvas.show(...ALL);
    canvas.store.view('r1').text.value = 'zzz';
    await drawn();
    expect(canvas.text).toContain('No layers match these filters');
    canvas.button('Clear the filters').click();
    await drawn();
    expect(canvas.rows()).toHaveLength(4);
  });
});

it('two views of one run share selection and filter', async () => {
  await canvas.show(...ALL);
  const other = canvas.mount(true);
  canvas.row('flatten').click();
  await drawn();
  expect(other.querySelector('[aria-current]')?.getAttribute('data-layer')).toBe('flatten');
});

it('the theme follows the page', async () => {
  document.body.dataset['jpThemeLight'] = 'false';
  await drawn();
  expect(canvas.host.querySelector('.dv-root')?.getAttribute('data-dv-theme')).toBe('dark');
  delete document.body.dataset['jpThemeLight'];
  await drawn();
  expect(canvas.host.querySelector('.dv-root')?.getAttribute('data-dv-theme')).toBe('light');
});

it('two canvases in one page, as an output and a tab, share no group of radio buttons', async () => {
  const other = new CanvasUnderTest();
  await canvas.show(...ALL);
  await other.show(...ALL);
  const groups = ({ host }: CanvasUnderTest) =>
    [...host.querySelectorAll<HTMLInputElement>('[type="radio"]')].map(({ name }) => name);
  expect(groups(canvas)).not.toEqual([]);
  expect(groups(canvas)).not.toEqual(expect.arrayContaining([groups(other)[0]]));
});
