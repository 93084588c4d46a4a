/** 12400 as 12,400. Not the browser's locale: the interface is in English. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US').replace('-', '−');
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
