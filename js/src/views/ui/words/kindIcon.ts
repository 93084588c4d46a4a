import type { IconName } from '../../../render/icon';

const KIND_ICONS: readonly (readonly [RegExp, IconName])[] = [
  [/pool/i, 'pool'],
  [/conv/i, 'conv'],
  [/relu|elu|gelu|sigmoid|softmax|tanh|activation|swish|silu/i, 'activation'],
  [/dense|linear/i, 'linear'],
  [/flatten|reshape/i, 'flatten'],
];

export function kindIcon(kind: string): IconName {
  return KIND_ICONS.find(([pattern]) => pattern.test(kind))?.[1] ?? 'other';
}
