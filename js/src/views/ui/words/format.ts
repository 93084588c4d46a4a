/** Not the browser's locale: the interface is in English. Made once, since making one takes as long as a table row. */
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 12400 as 12,400. */
export function count(value: number): string {
  // Adding 0 takes the sign from a zero.
  return WHOLE.format(Math.round(value) + 0).replace('-', '−');
}

/** 11176512 as 11.2 M; below a million as it is. */
export function compact(value: number): string {
  const units = ['M', 'G', 'T'];
  let scaled = value / 1e6;
  let unit = 0;
  while (scaled >= 999.95 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return value < 1e6 ? count(value) : `${scaled.toFixed(1)} ${units[unit] ?? ''}`;
}

/** A shape without its batch dimension as 28×28×16; what is not known is a question mark. */
export function shape(dimensions: readonly (number | null)[]): string {
  return dimensions
    .slice(1)
    .map(size => size ?? '?')
    .join('×');
}

/** A share of 0..1 as 50.6%. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** Seconds as 19 s, 2 min 41 s, 1 h 5 min. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) {
    return `${whole} s`;
  }
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) {
    return `${minutes} min${whole % 60 === 0 ? '' : ` ${whole % 60} s`}`;
  }
  return `${count(Math.floor(minutes / 60))} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}

/** Samples per second: whole numbers, but two digits below ten. */
export function rate(value: number): string {
  return value < 10 ? String(Number(value.toPrecision(2))) : count(value);
}

/** 1 batch, 2 batches. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** The path and the last part of a layer's name: layer3.1. and relu; block/ and conv. */
export function splitName(name: string): readonly [path: string, last: string] {
  const end = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1;
  return end === name.length ? ['', name] : [name.slice(0, end), name.slice(end)];
}
