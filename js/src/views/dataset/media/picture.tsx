import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon } from '../../../render/icon';
import type { Dataset } from '../../../store/dataset/dataset';
import { picturesOf } from '../../../store/dataset/media/pictures';
import { trans } from '../../../store/shared/trans';

/** Where a picture is shown. */
export type Size = 'row' | 'chip' | 'card' | 'large';

/** Pixels of the square that a picture is fitted into, twice what is shown for dense screens. */
const EDGES: Readonly<Record<Size, number>> = { row: 48, chip: 48, card: 192, large: 768 };
const SHOWN: Readonly<Record<Size, number>> = { row: 24, chip: 24, card: 96, large: 384 };

interface Props {
  dataset: Dataset;
  column: string;
  row: number;
  size: Size;
}

/** A picture of a sample, which is asked for while it is in sight; one that cannot be shown says why. */
export function Picture({ dataset, column, row, size }: Props): JSX.Element {
  const pictures = picturesOf(dataset);
  const edge = EDGES[size];
  useEffect(() => pictures.want(column, edge, row), [pictures, column, edge, row]);
  const picture = pictures.of(column, edge, row);
  const px = `${SHOWN[size]}px`;
  if (picture?.type === 'none') {
    const words = picture.why === '' ? trans.__('none') : trans.__('cannot be shown');
    return (
      <span
        class={`dv-Picture ${size} broken`}
        data-testid="dv-picture"
        data-state="broken"
        title={picture.why}
      >
        {picture.why !== '' && <Icon name="warn" size={12} />}
        {size === 'chip' ? '' : words}
        {size === 'large' && <small>{picture.why}</small>}
      </span>
    );
  }
  const scale = SHOWN[size] / edge;
  return (
    <span
      class={`dv-Picture ${size}`}
      role="img"
      aria-label={trans.__('Picture in %1', column)}
      data-testid="dv-picture"
      data-state={picture === null ? 'waiting' : 'shown'}
      style={{ width: px, height: px }}
    >
      {picture !== null && (
        <i
          style={{
            width: `${edge}px`,
            height: `${edge}px`,
            transform: `scale(${scale})`,
            backgroundImage: `url("${picture.url}")`,
            backgroundPosition: `-${picture.x}px -${picture.y}px`,
          }}
        />
      )}
    </span>
  );
}
