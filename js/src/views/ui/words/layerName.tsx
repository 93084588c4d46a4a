import type { JSX } from 'preact';
import { withoutHidden } from '../../../store/shared/visible';
import { splitName } from './format';

/** A layer's name: its path muted, and cut from the left where there is no room. */
export function LayerName({ name }: { name: string }): JSX.Element {
  const [path, last] = splitName(withoutHidden(name));
  return (
    <span class="dv-LayerName">
      <bdi dir="ltr">
        {path !== '' && <i>{path}</i>}
        {last}
      </bdi>
    </span>
  );
}
