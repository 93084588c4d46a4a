import { describe, expect, it } from 'vitest';
import { type ReportFile, renamed } from '../../src/store/files/reports';

function report(folder: string): ReportFile {
  const path = folder === '' ? 'a.dvreport' : `${folder}/a.dvreport`;
  return { name: 'a.dvreport', path, folder, stem: 'a', isFolder: false, modified: '', size: 1 };
}

describe('a new name of a report', () => {
  const file = report('work');

  it.each([
    ['b', 'work/b.dvreport'],
    ['b.dvreport', 'work/b.dvreport'],
    ['  b c ', 'work/b c.dvreport'],
    ['a', 'work/a.dvreport'],
    ['v1.2', 'work/v1.2.dvreport'],
    ['über', 'work/über.dvreport'],
  ])('%j keeps folder and suffix', (typed, path) => {
    expect(renamed(file, typed)).toEqual({ path });
  });

  it.each(['../b', 'x/b', '/b', 'x\\b', 'c:b'])('%j is refused: a file stays in its folder', typed => {
    expect(renamed(file, typed)).toEqual({
      problem: `A name must not contain “${/[/\\\\:]/.exec(typed)?.[0] ?? ''}”. It stays in its folder.`,
    });
  });

  it.each(['', '  ', '.dvreport'])('%j is refused as empty', typed => {
    expect(renamed(file, typed)).toEqual({ problem: 'The new name is empty.' });
  });

  it('in the server’s root has no folder', () => {
    expect(renamed(report(''), 'b')).toEqual({ path: 'b.dvreport' });
  });
});
