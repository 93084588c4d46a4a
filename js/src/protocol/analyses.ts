import { Fields } from './fields';
import { ABOUT, type AnalysisInfo, type AnalysisOption } from './messages';

/** A row of the kernel's catalogue. */
export function analysisInfo(item: unknown, what: string): AnalysisInfo {
  const row = new Fields(item, what);
  return {
    kind: row.text('kind'),
    about: row.oneOf('about', ABOUT),
    label: row.text('label'),
    hint: row.text('hint'),
    usual: row.flag('usual'),
    face: row.optional('face', name => row.text(name)),
    module: row.optional('module', name => row.text(name)),
    options: row.list('options', analysisOption),
  };
}

function analysisOption(item: unknown, what: string): AnalysisOption {
  const option = new Fields(item, what);
  return {
    name: option.text('name'),
    label: option.text('label'),
    title: option.text('title'),
    default: option.text('default'),
    explicit: option.flag('explicit'),
    choices: option.list('choices', (choice, where) => {
      const fields = new Fields(choice, where);
      return { value: fields.text('value'), label: fields.text('label') };
    }),
  };
}
