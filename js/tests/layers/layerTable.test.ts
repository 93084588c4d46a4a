import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ALL, CanvasUnderTest, drawn } from '../support/canvas';

let canvas: CanvasUnderTest;
const copied = vi.fn<(text: string) => Promise<void>>();

beforeEach(() => {
  canvas = new CanvasUnderTest();
  copied.mockReset().mockResolvedValue(undefined);
  vi.stubGlobal('navigator', { clipboard: { writeText: copied } });
});

async function click(element: HTMLElement, init: MouseEventInit = {}): Promise<void> {
  element.dispatchEvent(new MouseEvent('click', { bubbles: true, ...init }));
  await drawn();
}

function heads(): (string | undefined)[] {
  return [...canvas.host.querySelectorAll<HTMLElement>('th[data-column]')].map(
    ({ dataset }) => dataset['column'],
  );
}

async function copy(format: string): Promise<string | undefined> {
  await click(canvas.get('dv-copy'));
  await click(canvas.button(`Copy as ${format}`));
  return copied.mock.lastCall?.[0];
}

describe('marks', () => {
  it('a click opens; Ctrl, Cmd, and a click on the box mark; Shift marks a range', async () => {
    await canvas.show(...ALL);
    await click(canvas.row('conv_1'), { ctrlKey: true });
    await click(canvas.row('flatten'), { metaKey: true });
    expect(canvas.marked).toEqual(['conv_1', 'flatten']);
    expect(canvas.has('dv-layer-detail')).toBe(false);
    await click(canvas.row('dense').querySelector<HTMLElement>('.dv-Mark')!);
    await click(canvas.row('flatten'), { ctrlKey: true });
    expect(canvas.marked).toEqual(['conv_1', 'dense']);
    await click(canvas.row('block/relu_1'), { shiftKey: true });
    expect(canvas.marked).toEqual(['conv_1', 'block/relu_1', 'flatten', 'dense']);
    await click(canvas.row('flatten'));
    expect(canvas.get('dv-layer-detail').dataset['layer']).toBe('flatten');
    expect(canvas.text).toContain('4 of 4 marked');
  });

  it('the head marks all that are shown, and drops them again', async () => {
    await canvas.show(...ALL);
    canvas.store.view('r1').text.value = 'conv';
    await drawn();
    await click(canvas.get('dv-mark-all'));
    canvas.store.view('r1').text.value = '';
    await drawn();
    expect(canvas.marked).toEqual(['conv_1']);
    expect(canvas.get('dv-mark-all').getAttribute('aria-checked')).toBe('mixed');
    await click(canvas.get('dv-mark-all'));
    expect(canvas.marked).toHaveLength(4);
    await click(canvas.get('dv-mark-all'));
    expect(canvas.marked).toEqual([]);
  });
});

describe('columns', () => {
  it('can be chosen away and back', async () => {
    await canvas.show(...ALL);
    await click(canvas.get('dv-columns'));
    const box = [...canvas.host.querySelectorAll<HTMLLabelElement>('.dv-Choice')].find(({ textContent }) =>
      textContent.includes('KL'),
    );
    const input = box!.querySelector('input')!;
    expect(input.checked).toBe(true);
    input.click();
    await drawn();
    expect(heads()).not.toContain('pfa.kl');
    input.click();
    await drawn();
    expect(heads()).toContain('pfa.kl');
    expect(canvas.host.querySelector('[data-column="pfa.kl"]')?.className).not.toContain('dv-hide');
  });

  it('Escape closes the chooser only, and gives its button the focus', async () => {
    await canvas.show(...ALL);
    canvas.row('dense').click();
    await click(canvas.get('dv-columns'));
    expect(document.activeElement?.tagName).toBe('INPUT');
    await canvas.press('Escape');
    expect(canvas.host.querySelector('.dv-Popup-sheet')).toBeNull();
    expect(document.activeElement).toBe(canvas.get('dv-columns'));
    expect(canvas.has('dv-layer-detail')).toBe(true);
  });
});

describe('filters', () => {
  it('by dead units', async () => {
    await canvas.show(...ALL);
    expect(canvas.get('dv-only-dead').textContent).toBe('Has dead units2');
    await click(canvas.get('dv-only-dead'));
    expect(canvas.names()).toEqual(['block/relu_1', 'flatten']);
    canvas.button('Has dead units2').click();
    await drawn();
    expect(canvas.names()).toHaveLength(4);
  });

  it('what a finished run has no numbers of', async () => {
    await canvas.show(...ALL);
    expect(canvas.has('dv-only-incomplete')).toBe(false);
    await canvas.show(['run', { status: 'done' }]);
    await click(canvas.get('dv-only-incomplete'));
    expect(canvas.names()).toEqual(['flatten', 'dense']);
  });
});

describe('kind chips beyond the edge', () => {
  beforeEach(async () => {
    await canvas.show(...ALL);
  });

  function turn(init: WheelEventInit): { taken: boolean; left: number } {
    const bar = canvas.host.querySelector<HTMLElement>('[aria-label="Layer kinds"]')!;
    let left = 10;
    // A bar of 100 px with 130 px of chips, where there is no layout.
    Object.defineProperty(bar, 'scrollLeft', {
      configurable: true,
      get: () => left,
      set: (to: number) => (left = Math.min(Math.max(to, 0), 30)),
    });
    const event = new WheelEvent('wheel', { cancelable: true, bubbles: true, ...init });
    bar.dispatchEvent(event);
    return { taken: event.defaultPrevented, left };
  }

  it('come with a wheel that only turns up and down, and the page scrolls on at their end', () => {
    expect(turn({ deltaY: 12 })).toEqual({ taken: true, left: 22 });
    expect(turn({ deltaY: -40 })).toEqual({ taken: true, left: 0 });
    expect(turn({ deltaY: 0 })).toEqual({ taken: false, left: 10 });
  });

  it('leave zooming and wheels that turn sideways to the browser', () => {
    expect(turn({ deltaY: 12, ctrlKey: true })).toEqual({ taken: false, left: 10 });
    expect(turn({ deltaY: 12, deltaX: 3 })).toEqual({ taken: false, left: 10 });
  });
});

describe('copying', () => {
  it('copies the marked rows with the chosen columns as Markdown', async () => {
    await canvas.show(...ALL);
    canvas.store.view('r1').chooseColumn('state', false);
    await click(canvas.row('block/relu_1'), { ctrlKey: true });
    expect(await copy('Markdown')).toBe(
      [
        '| layer | kind | units | inactive mean | inactive std | dead | keep | kl |',
        '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
        '| block/relu_1 | ReLU | 16 | 0.506 | 0.063 | 3 | 7 | 1.43 |',
        '',
      ].join('\n'),
    );
    expect(canvas.host.querySelector('.dv-FilterBar [role="status"]')?.textContent).toBe(
      'Copied 1 layer as Markdown.',
    );
  });

  it('copies all shown rows as CSV when none is marked', async () => {
    await canvas.show(...ALL);
    canvas.store.view('r1').kinds.value = new Set(['Dense', 'Flatten']);
    await drawn();
    expect(await copy('CSV')).toBe(
      'layer,kind,units,inactive mean,inactive std,dead,keep,kl,state\r\n' +
        'flatten,Flatten,8192,0.739,0.11,412,,,few samples\r\n' +
        'dense,Dense,10,1,0,,,,tiny values\r\n',
    );
  });

  it('says when the browser does not allow it', async () => {
    copied.mockRejectedValue(new Error('no'));
    Object.assign(document, { execCommand: () => false });
    await canvas.show(...ALL);
    await copy('CSV');
    await drawn();
    expect(canvas.text).toContain('The browser did not allow copying.');
  });
});
