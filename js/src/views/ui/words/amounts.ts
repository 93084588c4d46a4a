import { trans } from '../../../store/shared/trans';
import { count } from './format';

/** 1 sample, 12,400 samples. */
export function samples(n: number): string {
  return trans._n('%2 sample', '%2 samples', n, count(n));
}

export function batches(n: number): string {
  return trans._n('%2 batch', '%2 batches', n, count(n));
}

export function layers(n: number): string {
  return trans._n('%2 layer', '%2 layers', n, count(n));
}

export function parameters(n: number): string {
  return trans._n('%2 parameter', '%2 parameters', n, count(n));
}
