import { type Fields, ProtocolError, text } from './fields';
import { SENT_OUTCOMES, type SampleChoice, type SentToPython } from './messages';

/** What is chosen in a table, with the bits of its rows. */
export interface ChoiceOfSamples extends SampleChoice {
  readonly selected: Uint8Array;
  readonly excluded: Uint8Array;
  /** By tag. */
  readonly tagged: ReadonlyMap<string, Uint8Array>;
}

type Body<M> = Omit<M, 'kind' | 'v' | 'seq'>;

/** What Python or another page has chosen. */
export function sampleChoice(fields: Fields, buffers: readonly Uint8Array[]): Body<ChoiceOfSamples> {
  const rows = fields.count('rows');
  const tags = fields.list('tags', text);
  const expected = (rows + 7) >>> 3;
  const [selected, excluded, ...others] = buffers;
  const fits = buffers.every(bits => bits.length === expected);
  if (selected === undefined || excluded === undefined || others.length !== tags.length || !fits) {
    throw new ProtocolError(
      `sample_choice: expected ${tags.length + 2} buffers of ${expected} bytes, got ${buffers.map(({ length }) => length).join(', ')}.`,
    );
  }
  return {
    run: fields.text('run'),
    introspector: fields.text('introspector'),
    rows,
    filter: fields.text('filter'),
    group_by: fields.list('group_by', text),
    tags,
    selected,
    excluded,
    tagged: new Map(tags.map((tag, i) => [tag, others[i] ?? new Uint8Array()])),
  };
}

/** What became of a selection that was sent to Python. */
export function sentToPython(fields: Fields): Body<SentToPython> {
  return {
    run: fields.text('run'),
    introspector: fields.text('introspector'),
    variable: fields.text('variable'),
    outcome: fields.oneOf('outcome', SENT_OUTCOMES),
    samples: fields.count('samples'),
    type: fields.optional('type', name => fields.text(name)),
    problem: fields.optional('problem', name => fields.text(name)),
  };
}
