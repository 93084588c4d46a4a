import type { JSX } from 'preact';

interface Props {
  label: string;
  value: string;
  options: readonly (readonly [value: string, word: string])[];
  testId?: string;
  choose: (value: string) => void;
}

/** One of several, as a list that opens, behind its name. */
export function Choice({ label, value, options, testId, choose }: Props): JSX.Element {
  return (
    <label class="dv-Choose">
      <span class="dv-caption">{label}</span>
      <select
        value={value}
        data-testid={testId}
        onChange={event => {
          choose(event.currentTarget.value);
        }}
      >
        {options.map(([option, word]) => (
          <option key={option} value={option}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}
