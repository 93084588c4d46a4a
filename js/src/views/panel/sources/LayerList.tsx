import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { LayerInfo } from '../../../protocol/messages';
import { Icon } from '../../../render/icon';
import type { LayerPicker } from '../../../store/launch/layerPicker';
import { trans } from '../../../store/shared/trans';
import { consume, hasModifier } from '../../ui/keys';
import { kindIcon } from '../../ui/words/kindIcon';
import { LayerName } from '../../ui/words/layerName';
import { segments } from '../../ui/browser/rowWindow';
import { useVisibleRange } from '../../ui/browser/viewport';
import { shape } from '../../ui/words/format';

const ROW_HEIGHT = 24;

/** The layers to choose from; of long lists only what is seen is drawn. */
export function LayerList({ picker }: { picker: LayerPicker }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const [from, to] = useVisibleRange(scroller, ROW_HEIGHT, picker.visible);
  const layers = picker.visible.value;
  const focused = useSignal<string | null>(null);
  const current = Math.max(
    0,
    layers.findIndex(({ name }) => name === focused.value),
  );

  const goTo = (index: number) => {
    const layer = layers[index];
    if (layer !== undefined && scroller.current !== null) {
      focused.value = layer.name;
      reveal(scroller.current, index);
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const layer = layers[current];
    if (hasModifier(event) || layer === undefined) {
      return;
    }
    if (event.key === ' ' || event.key === 'Enter') {
      consume(event);
      picker.toggle(layer.name, event.shiftKey);
      return;
    }
    const target = targetOf(event.key, current, layers.length);
    if (target !== null) {
      consume(event);
      goTo(target);
    }
  };

  return (
    <div
      ref={scroller}
      class="dv-LayerList"
      role="listbox"
      aria-multiselectable="true"
      aria-label={trans.__('Layers')}
      onKeyDown={onKeyDown}
    >
      {segments(layers.length, from, to, current).map(segment =>
        segment.kind === 'gap' ? (
          <div
            key={`gap ${segment.from}`}
            role="presentation"
            style={{ height: `${segment.rows * ROW_HEIGHT}px` }}
          />
        ) : (
          layers.slice(segment.from, segment.to).map((layer, i) => (
            <Choice
              key={layer.name}
              layer={layer}
              index={segment.from + i}
              total={layers.length}
              chosen={picker.isChosen(layer.name)}
              current={segment.from + i === current}
              toggle={range => {
                focused.value = layer.name;
                picker.toggle(layer.name, range);
              }}
            />
          ))
        ),
      )}
    </div>
  );
}

interface ChoiceProps {
  layer: LayerInfo;
  index: number;
  total: number;
  chosen: boolean;
  /** The one that Tab reaches. */
  current: boolean;
  toggle: (range: boolean) => void;
}

function Choice({ layer, index, total, chosen, current, toggle }: ChoiceProps): JSX.Element {
  const size = shape(layer.shape);
  return (
    <div
      class="dv-Row"
      role="option"
      data-testid="dv-layer-choice"
      data-layer={layer.name}
      data-index={index}
      aria-selected={chosen}
      aria-posinset={index + 1}
      aria-setsize={total}
      title={[layer.name, layer.type, size].filter(text => text !== '').join('  ')}
      tabIndex={current ? 0 : -1}
      onMouseDown={event => {
        if (event.shiftKey) {
          event.preventDefault(); // else the browser selects the text of the range
        }
      }}
      onClick={event => {
        event.currentTarget.focus();
        toggle(event.shiftKey);
      }}
    >
      <span class="dv-Check" />
      <Icon name={kindIcon(layer.type)} size={13} />
      <LayerName name={layer.name} />
      <span class="dv-Row-end">{size}</span>
    </div>
  );
}

function targetOf(key: string, current: number, total: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(total - 1, current + 1);
    case 'ArrowUp':
      return Math.max(0, current - 1);
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}

/** Scrolls so that a row is seen, then gives it the focus once it is drawn. */
function reveal(scroller: HTMLElement, index: number): void {
  const top = index * ROW_HEIGHT;
  const room = scroller.clientHeight - ROW_HEIGHT;
  scroller.scrollTop = Math.min(top, Math.max(scroller.scrollTop, top - room));
  requestAnimationFrame(() => {
    scroller.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
  });
}
