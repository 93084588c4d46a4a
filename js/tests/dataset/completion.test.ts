import { describe, expect, it } from 'vitest';
import { complete, quoted } from '../../src/store/dataset/expression/completion';

const COLUMNS = ['familiarity', 'suspect', 'split', 'speckle', 'conv4.familiarity', 'and', 'größe', 'a`b'];

function texts(text: string, caret = text.length): string[] {
  return complete(text, caret, COLUMNS).completions.map(completion => completion.text);
}

describe('completion', () => {
  it('opens after one letter: names that begin with it, then those that have it inside', () => {
    expect(texts('familiarity < q(0.20) and sp')).toEqual(['split', 'speckle', 'suspect']);
    expect(complete('x and sp', 8, COLUMNS)).toMatchObject({ start: 6, end: 8 });
    expect(complete('sp', 2, COLUMNS).completions[2]).toEqual({
      text: 'suspect',
      name: 'suspect',
      type: 'column',
      at: 2,
    });
  });

  it('has functions behind columns', () => {
    expect(texts('l')).toEqual([
      'familiarity',
      'split',
      'speckle',
      '`conv4.familiarity`',
      'length(',
      'similar(',
    ]);
    expect(texts('TAG')).toEqual(['tagged(']);
  });

  it('puts names into backticks that need them, and finishes what was begun', () => {
    expect(texts('conv')).toEqual(['`conv4.familiarity`']);
    expect(texts('1 < `conv4.fam')).toEqual(['`conv4.familiarity`']);
    expect(complete('1 < `conv4.fam', 14, COLUMNS)).toMatchObject({ start: 4, end: 14 });
    expect(['split', 'and', 'two words', '5a', 'q', 'größe'].map(quoted)).toEqual([
      'split',
      '`and`',
      '`two words`',
      '`5a`',
      '`q`',
      'größe',
    ]);
  });

  it('takes words that could be the beginning of a name', () => {
    expect(texts('an')).toEqual(['`and`']);
    expect(texts('gr')).toEqual(['größe']);
  });

  it('replaces the whole word when the caret is inside it', () => {
    expect(complete('split == "a"', 2, COLUMNS)).toMatchObject({ start: 0, end: 5 });
  });

  it.each([
    '',
    'split ',
    '5',
    'label == "sp',
    "label == 'sp",
    'label == "sp"',
    'stars <',
    '`split`',
    '`',
    'split &',
  ])('offers nothing after %j', text => {
    expect(texts(text)).toEqual([]);
  });
});
