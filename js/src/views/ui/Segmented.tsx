import type { JSX } from 'preact';
import { useUniqueId } from './browser/uniqueId';

interface Props<T extends string> {
  label: string;
  options: readonly (readonly [value: T, word: string])[];
  value: T;
  disabled?: boolean;
  choose: (value: T) => void;
}

/** One of a few, side by side. */
export function Segmented<T extends string>(props: Props<T>): JSX.Element {
  const { label, options, value, disabled = false, choose } = props;
  const name = useUniqueId();
  return (
    <span class="dv-Segmented" role="radiogroup" aria-label={label}>
      {options.map(([option, word]) => (
        <label key={option}>
          <input
            type="radio"
            name={name}
            value={option}
            checked={option === value}
            disabled={disabled}
            onChange={() => {
              choose(option);
            }}
          />
          <span>{word}</span>
        </label>
      ))}
    </span>
  );
}
