import { options } from 'preact';
import { visibleLines } from '../../../store/shared/visible';

/** Attributes whose text people see or hear. */
const SPOKEN = ['title', 'aria-label', 'aria-description', 'aria-valuetext', 'label', 'placeholder', 'alt'];

let installed = false;

/**
 * From now on, all text that is drawn is what it looks like, wherever it comes from: names in files and models, messages
 * of the kernel, tables. Only what people see is changed, not what the store knows.
 */
export function drawVisibly(): void {
  if (installed) {
    return;
  }
  installed = true;
  const before = options.vnode?.bind(options);
  options.vnode = node => {
    if (typeof node.type === 'string') {
      show(node.props);
    }
    before?.(node);
  };
}

function show(props: Record<string, unknown>): void {
  props['children'] = shown(props['children']);
  for (const name of SPOKEN) {
    const text = props[name];
    if (typeof text === 'string') {
      props[name] = visibleLines(text);
    }
  }
}

function shown(child: unknown): unknown {
  if (typeof child === 'string') {
    return visibleLines(child);
  }
  return Array.isArray(child) && child.some(one => typeof one === 'string') ? child.map(shown) : child;
}
