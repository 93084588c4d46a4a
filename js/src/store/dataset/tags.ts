import { Bitset } from './bitset';

/** What users said of samples. Nothing here deletes a sample or changes a label. Immutable. */
export interface Tags {
  readonly length: number;
  readonly excluded: Bitset;
  /** The samples of each tag, in the order in which the tags were made; a tag without samples is gone. */
  readonly byName: ReadonlyMap<string, Bitset>;
}

/** Samples that are set aside are said to have this tag wherever tags are named. */
export const EXCLUDED = 'excluded';

const LONGEST_TAG = 200;

export function noTags(length: number): Tags {
  return { length, excluded: new Bitset(length), byName: new Map() };
}

/** Adds a tag to samples; spaces around its name do not count. */
export function tag(tags: Tags, name: string, rows: Bitset): Tags {
  const clean = tagName(name);
  return withTag(tags, clean, (tags.byName.get(clean) ?? new Bitset(tags.length)).union(rows));
}

export function untag(tags: Tags, name: string, rows: Bitset): Tags {
  const clean = tagName(name);
  const tagged = tags.byName.get(clean);
  return tagged === undefined ? tags : withTag(tags, clean, tagged.minus(rows));
}

export function exclude(tags: Tags, rows: Bitset): Tags {
  return { ...tags, excluded: tags.excluded.union(rows) };
}

export function include(tags: Tags, rows: Bitset): Tags {
  return { ...tags, excluded: tags.excluded.minus(rows) };
}

/** The samples of a tag, or those that are excluded; none of a tag that is not there. */
export function tagged({ byName, excluded, length }: Tags, name: string): Bitset {
  return byName.get(name) ?? (name === EXCLUDED ? excluded : new Bitset(length));
}

/** All tags with their samples, that of excluded ones last where there are some. */
export function allTags({ byName, excluded }: Tags): ReadonlyMap<string, Bitset> {
  return excluded.isEmpty || byName.has(EXCLUDED) ? byName : new Map(byName).set(EXCLUDED, excluded);
}

/** The tags of one sample. */
export function tagsOf(tags: Tags, row: number): string[] {
  return [...tags.byName].filter(([, rows]) => rows.has(row)).map(([name]) => name);
}

function tagName(name: string): string {
  const clean = name.trim();
  if (clean === '' || clean.length > LONGEST_TAG) {
    throw new RangeError(`Expected a tag of 1 to ${LONGEST_TAG} characters, got ${clean.length}.`);
  }
  return clean;
}

function withTag(tags: Tags, name: string, rows: Bitset): Tags {
  const byName = new Map(tags.byName);
  if (rows.isEmpty) {
    byName.delete(name);
  } else {
    byName.set(name, rows);
  }
  return { ...tags, byName };
}
