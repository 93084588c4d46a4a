import type { JSX } from 'preact';
import { csv, markdown, textTable } from '../../store/layers/tableText';
import { trans } from '../../store/shared/trans';
import { Button } from '../ui/parts';
import { count } from '../ui/words/format';
import { Popup } from '../ui/Popup';
import { copyText } from '../ui/browser/clipboard';
import { type Page, chosenColumns, stateOf } from '../run/page';

const FORMATS = { Markdown: markdown, CSV: csv } as const;

/** Copies the marked rows, or all that are shown, with the chosen columns. `tell` says what came of it. */
export function CopyMenu({ page, tell }: { page: Page; tell: (text: string) => void }): JSX.Element {
  const rows = page.view.meant.value;
  const copy = async (format: keyof typeof FORMATS) => {
    const table = textTable(chosenColumns(page), rows, row => stateOf(page, row).word);
    tell(
      (await copyText(FORMATS[format](table)))
        ? trans._n(
            'Copied 1 layer as %2.',
            'Copied %3 layers as %2.',
            rows.length,
            format,
            count(rows.length),
          )
        : trans.__('The browser did not allow copying.'),
    );
  };
  return (
    <Popup label={trans.__('Copy')} icon="copy" testId="dv-copy">
      {close => [
        <p key="what" class="dv-caption">
          {trans._n('1 layer', '%2 layers', rows.length, count(rows.length))}
        </p>,
        ...(['Markdown', 'CSV'] as const).map(format => (
          <Button
            key={format}
            look="plain"
            label={trans.__('Copy as %1', format)}
            onClick={() => {
              void copy(format);
              close();
            }}
          />
        )),
      ]}
    </Popup>
  );
}
