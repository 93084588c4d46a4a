import { beforeEach, describe, expect, it } from 'vitest';
import { PanelUnderTest } from '../support/panel';

let panel: PanelUnderTest;

const said = () => panel.all('dv-run-news').map(({ textContent }) => textContent);

beforeEach(() => {
  panel = new PanelUnderTest();
});

describe('for a screen reader', () => {
  it('what had ended before is no news; a start, a rest and an end are', async () => {
    await panel.show(['run', { status: 'done', run: 'old', name: 'old' }]);
    expect(said()).toEqual(['']);
    await panel.show(['run', { status: 'running', run: 'new', name: 'audit' }]);
    expect(said()).toEqual(['audit: Running.']);
    await panel.show(['run', { status: 'paused', run: 'new', name: 'audit' }]);
    expect(said()).toEqual(['audit: Paused.']);
    await panel.show(['run', { status: 'failed', run: 'new', name: 'audit' }]);
    expect(said()).toEqual(['audit: Failed.']);
  });

  it('progress is none', async () => {
    await panel.show(['run', { status: 'running', run: 'new', name: 'audit', batches: 3 }]);
    await panel.show(['run', { status: 'done', run: 'other', name: 'other' }]);
    const [region] = panel.all('dv-run-news');
    const text = region?.firstChild;
    await panel.show(['run', { status: 'running', run: 'new', name: 'audit', batches: 90 }]);
    expect(said()).toEqual(['audit: Running.']);
    expect(region?.firstChild).toBe(text);
  });
});

it('a new run comes into sight, and no news of old ones moves the list', async () => {
  await panel.show(['run', { status: 'running', run: 'old', name: 'old', batches: 3 }]);
  const list = panel.get('dv-runs').querySelector('.dv-Section-body')!;
  list.scrollTop = 90;
  await panel.show(['run', { status: 'done', run: 'old', name: 'old', batches: 90 }]);
  expect(list.scrollTop).toBe(90);
  await panel.show(['run', { status: 'running', run: 'new', name: 'new' }]);
  expect(list.scrollTop).toBe(0);
});
