import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from '../../render/icon';

export type Tone = 'live' | 'ok' | 'warn' | 'err' | 'off';

/** A state in a colour, a picture and a word. */
export interface Words {
  readonly tone: Tone;
  readonly icon: IconName | 'pulse';
  readonly word: string;
}

interface StateProps extends Words {
  pill?: boolean;
  title?: string;
}

/** A state: always a colour, an icon and a word. */
export function State({ tone, word, icon, pill = false, title }: StateProps): JSX.Element {
  return (
    <span class={`dv-State ${tone}${pill ? ' pill' : ''}`} title={title}>
      {icon === 'pulse' ? <span class="dv-Pulse" /> : <Icon name={icon} size={pill ? 12 : 13} />}
      {word}
    </span>
  );
}

export interface ButtonProps {
  label: string;
  onClick: () => void;
  icon?: IconName;
  /** Shows the icon only; the label is read out and shown as a tooltip. */
  bare?: boolean;
  look?: 'plain' | 'primary' | 'normal';
  disabled?: boolean;
  /** The id of what says why it cannot be used now: it stays reachable, and does nothing. */
  blockedBy?: string | undefined;
  title?: string;
  testId?: string;
}

export function Button(props: ButtonProps): JSX.Element {
  const {
    label,
    onClick,
    icon,
    bare = false,
    look = 'normal',
    disabled = false,
    blockedBy,
    title,
    testId,
  } = props;
  return (
    <button
      type="button"
      class={`dv-Button ${look}${bare ? ' icon' : ''}`}
      aria-label={
        label /* where there is little room its text is hidden, and the title says something else */
      }
      title={blockedBy === undefined ? (title ?? (bare ? label : undefined)) : undefined}
      disabled={disabled}
      aria-disabled={blockedBy === undefined ? undefined : true}
      aria-describedby={blockedBy}
      onClick={blockedBy === undefined ? onClick : undefined}
      data-testid={testId}
    >
      {icon !== undefined && <Icon name={icon} size={bare ? 14 : 13} />}
      {!bare && <span class="dv-Button-label">{label}</span>}
    </button>
  );
}

interface ProgressProps {
  /** 0..1, or null when the end is not known. */
  share: number | null;
  tone?: Tone;
  label: string;
  text: string;
  thin?: boolean;
  /** Nothing goes on: without a known end it shows nothing rather than something that moves. */
  still?: boolean;
}

export function Progress(props: ProgressProps): JSX.Element {
  const { share, tone = 'live', label, text, thin = false, still = false } = props;
  const percent = share === null ? null : Math.min(100, Math.round(1000 * share) / 10);
  return (
    <div
      class={`dv-Progress ${tone}${thin ? ' thin' : ''}${percent === null && !still ? ' endless' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      aria-valuetext={text}
    >
      <i style={widthOf(percent, still)} />
    </div>
  );
}

function widthOf(percent: number | null, still: boolean): { width: string } | undefined {
  return percent === null && !still ? undefined : { width: `${percent ?? 0}%` };
}

/** A message above the content: what happened, what was kept, what to do. */
export function Banner({
  tone,
  icon,
  children,
}: {
  tone: 'info' | 'warn' | 'err';
  icon: IconName;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={`dv-Banner ${tone}`} role={tone === 'info' ? 'status' : 'alert'}>
      <Icon name={icon} size={15} />
      <div class="dv-Banner-body">{children}</div>
    </div>
  );
}

export function Empty({
  picture,
  title,
  children,
}: {
  picture: ComponentChildren;
  title: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="dv-Empty">
      {picture}
      <h4>{title}</h4>
      {children}
    </div>
  );
}
