import type { JSX } from 'preact';

/** Strokes in a box of 16 by 16. */
const PATHS = {
  search: 'M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4M10.2 10.2 14 14',
  chevron: 'm4 6 4 4 4-4',
  up: 'm4 10 4-4 4 4',
  undo: 'M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M5.8 3.7 3 6.5l2.8 2.8',
  redo: 'M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10M10.2 3.7 13 6.5l-2.8 2.8',
  tag: 'M2.5 2.5h5.2l6 6-5.2 5.2-6-6zM5.4 5.1v.6',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  close: 'm4.5 4.5 7 7m0-7-7 7',
  stop: 'M4.2 4.2h7.6v7.6H4.2z',
  code: 'm5.5 4.5-3.5 3.5 3.5 3.5m5-7 3.5 3.5-3.5 3.5',
  ok: 'm3.2 8.4 3 3 6.6-6.8',
  warn: 'M8 2.4 14.3 13.4H1.7zM8 6.5v3.4m0 1.5v.6',
  err: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 4.6v4.2m0 1.7v.7',
  info: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 7.2v4.2M8 4.7v.8',
  wait: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 4.8V8l2.4 1.6',
  pause: 'M5.5 3.5v9m5-9v9',
  play: 'M5 3.2 12.2 8 5 12.8z',
  filter: 'M2.5 3.5h11M4.5 8h7m-5 4.5h3',
  refresh: 'M13 5.5A5.5 5.5 0 1 0 13.5 8M13.3 2.5v3.2h-3.2',
  report: 'M4 2h5.5L12.5 5v9H4zM9.2 2v3.3h3.3M6 8h4.5M6 10.8h4.5',
  open: 'M9 2.5h4.5V7M13.2 2.8 7.5 8.5M6.5 3.5h-4v10h10v-4',
  more: 'M3.2 8h.6M7.7 8h.6M12.2 8h.6M3.5 7.7v.6M8 7.7v.6M12.5 7.7v.6',
  save: 'M8 2.5v7.2M4.8 6.8 8 9.9l3.2-3.1M2.8 10.5v3h10.4v-3',
  plug: 'M6 2v3.5m4-3.5v3.5M4 5.5h8v2a4 4 0 0 1-8 0zM8 11.5V14',
  conv: 'M2.5 2.5h11v11h-11zM2.5 6.2h7.3v7.3',
  activation: 'M2 12h6l5.5-8.5',
  pool: 'M3 4h10l-3.5 8h-3z',
  model:
    'M3.5 2.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3m0 8a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3m9-4a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3M5 4.6l6 2.8m-6 4 6-2.8',
  data: 'M8 2.2c-2.8 0-5 .8-5 1.8s2.2 1.8 5 1.8 5-.8 5-1.8-2.2-1.8-5-1.8M3 4v8c0 1 2.2 1.8 5 1.8s5-.8 5-1.8V4M3 8c0 1 2.2 1.8 5 1.8S13 9 13 8',
  pipe: 'M2 5.5h4v5H2zm8 0h4v5h-4zM6 8h4',
  call: 'M9.8 2.8c-2 0-2.3 1.2-2.6 3L6 11.4c-.3 1.4-.8 2-2.2 2M4.8 6.6h5.4m.3 2.9 3 3.5m0-3.5-3 3.5',
  linear: 'M3 3v10M13 3v10M3 4.5l10 7m-10 0 10-7',
  flatten: 'M3 5h10M3 8h10M3 11h10',
  other: 'M3.5 3.5h9v9h-9zM8 6v4M6 8h4',
} as const;

export type IconName = keyof typeof PATHS;

/** A decoration beside words; it says nothing to a screen reader. */
export function Icon({ name, size = 14 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={name === 'play' ? 'currentColor' : 'none'}
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark: an eye whose iris is a spectrum of layer responses. */
export function Mark({ size = 17 }: { size?: number }): JSX.Element {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d="M1.8 12C4.6 7.3 8 5 12 5s7.4 2.3 10.2 7c-2.8 4.7-6.2 7-10.2 7S4.6 16.7 1.8 12z" />
      <path d="M8.4 10.6v2.8M12 8.8v6.4M15.6 10.6v2.8" stroke-width="2.1" />
    </svg>
  );
}
