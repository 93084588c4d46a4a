import { signal } from '@preact/signals';
import { afterEach, describe, expect, it } from 'vitest';
import { lend } from '../../src/hosts/hostBridge';
import { Plan } from '../../src/store/launch/plan';
import { DEFAULTS } from '../../src/store/shared/preferences';
import { EMPTY, type Link } from '../../src/store/kernel/state';
import { Store } from '../../src/store/kernel/store';
import { english, trans, translateWith } from '../../src/store/shared/trans';
import { Theme } from '../../src/views/ui/theme';
import { FakeClock } from '../support/clock';
import { incoming } from '../support/fixtures';
import { PanelUnderTest } from '../support/panel';

const nothing = () => undefined;

describe('updates per second', () => {
  it('limit how often the store changes, and a new limit counts from the next update on', () => {
    const clock = new FakeClock();
    const preferences = signal({ ...DEFAULTS, updatesPerSecond: 1 });
    const store = new Store(clock, preferences);
    const tell = (batches: number) => {
      store.take(incoming('run', { batches }), nothing);
    };
    const seen = () => store.run('r1')?.state?.batches;
    tell(1);
    tell(2);
    clock.advance(999);
    expect(seen()).toBe(1);
    clock.advance(1);
    expect(seen()).toBe(2);
    preferences.value = { ...DEFAULTS, updatesPerSecond: 10 };
    tell(3);
    clock.advance(100);
    expect(seen()).toBe(3);
  });
});

describe('the batch size', () => {
  it('follows the settings until one is typed', () => {
    const preferences = signal({ ...DEFAULTS, batchSize: 16 });
    const plan = new Plan(signal(EMPTY), signal<Link>('live'), preferences);
    expect(plan.batch.value).toBe('16');
    preferences.value = { ...DEFAULTS, batchSize: 8 };
    expect(plan.batch.value).toBe('8');
    plan.typeBatch('32');
    preferences.value = { ...DEFAULTS, batchSize: 4 };
    expect(plan.batch.value).toBe('32');
  });
});

describe('the page size', () => {
  it('is how many runs the panel shows before it offers more', async () => {
    const panel = new PanelUnderTest();
    const total = DEFAULTS.pageSize + 3;
    await panel.show(...Array.from({ length: total }, (_, i) => ['run', { run: `r${i}` }] as const));
    expect(panel.all('dv-run')).toHaveLength(DEFAULTS.pageSize);
    expect(panel.get('dv-more').textContent).toBe('Show more (3 left)');
    await panel.click(panel.get('dv-more'));
    expect(panel.all('dv-run')).toHaveLength(total);
    expect(panel.all('dv-more')).toHaveLength(0);
  });
});

describe('the theme', () => {
  afterEach(() => {
    delete document.body.dataset['jpThemeName'];
  });

  it.each([
    ['JupyterLab Dark High Contrast', true],
    ['JupyterLab Dark', false],
  ])('%s: high contrast is %s', (name, contrast) => {
    document.body.dataset['jpThemeName'] = name;
    const theme = new Theme();
    expect(theme.contrast.value).toBe(contrast);
    theme.dispose();
  });
});

describe('words', () => {
  afterEach(() => {
    translateWith(english);
    delete window.deepviewLab;
  });

  it('come from the translator once there is one', () => {
    translateWith({ __: text => `«${text}»`, _n: (one, many, n) => `«${n === 1 ? one : many}»` });
    expect(trans.__('Choose a model.')).toBe('«Choose a model.»');
    expect(trans._n('%2 layer', '%2 layers', 2, '2')).toBe('«%2 layers»');
  });

  it('and settings are lent to the bundle of the outputs', () => {
    const preferences = signal(DEFAULTS);
    lend({ translation: trans, preferences });
    expect(window.deepviewLab?.preferences.value.batchSize).toBe(64);
  });
});
