import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Exported } from '../../store/files/exported';
import { trans } from '../../store/shared/trans';
import { Button } from '../ui/parts';

interface Props {
  readonly exportPage: () => Promise<Exported>;
}

/** Has the kernel write the run as one HTML page, and says where that is and what it holds. */
export function ExportPage({ exportPage }: Props): JSX.Element {
  const told = useSignal<Exported | 'doing' | null>(null);
  return (
    <>
      <Button
        look="plain"
        icon="save"
        label={trans.__('Export')}
        title={trans.__('Export as one HTML page, which opens in any browser without a kernel')}
        disabled={told.value === 'doing'}
        testId="dv-export"
        onClick={() => {
          told.value = 'doing';
          void exportPage().then(exported => {
            told.value = exported;
          });
        }}
      />
      {told.value !== null && (
        <div class="dv-Exported" role="status" data-testid="dv-exported">
          <Told told={told.value} />
          <Button
            look="plain"
            bare
            icon="close"
            label={trans.__('Close')}
            onClick={() => {
              told.value = null;
            }}
          />
        </div>
      )}
    </>
  );
}

function Told({ told }: { told: Exported | 'doing' }): JSX.Element {
  if (told === 'doing') {
    return <p>{trans.__('Writing the page. A busy kernel does it after its cell.')}</p>;
  }
  if ('problem' in told) {
    return <p>{trans.__('No page was written. %1', told.problem)}</p>;
  }
  return (
    <div>
      <p>{trans.__('Exported as %1. In the page:', told.path)}</p>
      <ul>
        {told.contents.map((line, i) => (
          <li key={i}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
