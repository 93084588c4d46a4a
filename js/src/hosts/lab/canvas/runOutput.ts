import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Panel, Widget } from '@lumino/widgets';
import { SAVED_MIME } from '../../../protocol/messages';
import { type Restored, decodeSavedRun } from '../../../protocol/savedRun';
import { trans } from '../../../store/shared/trans';
import { OutputCanvas, type OutputHost } from './outputCanvas';

/** What else an output has for people, best first. Both are in JupyterLab itself, which cleans HTML of strangers. */
const READABLE = ['text/html', 'text/plain'] as const;

/** An output of our MIME type: a canvas, or why there is none and what else the output has to read. */
export class RunOutput extends Panel implements IRenderMime.IRenderer {
  private canvas: OutputCanvas | null = null;

  constructor(
    private readonly host: OutputHost,
    private readonly rendermime: IRenderMimeRegistry,
  ) {
    super();
    this.addClass('dv-RunOutput');
  }

  /** Called again with the same run when the output is brought up to date: the canvas stays as the user left it. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    let restored: Restored;
    try {
      restored = decodeSavedRun(model.data[SAVED_MIME]);
    } catch (error) {
      await this.refuse(model, error instanceof Error ? error.message : String(error));
      return;
    }
    const { session, run } = restored;
    if (this.canvas?.session !== session || this.canvas.run !== run) {
      this.clear();
      this.canvas = new OutputCanvas(this.host, session, run);
      this.addWidget(this.canvas);
    }
    this.canvas.restore(restored);
  }

  private async refuse(model: IRenderMime.IMimeModel, reason: string): Promise<void> {
    this.clear();
    this.addWidget(new Refusal(reason));
    const type = READABLE.find(readable => model.data[readable] !== undefined);
    if (type !== undefined) {
      const readable = this.rendermime.createRenderer(type);
      this.addWidget(readable);
      await readable.renderModel(model);
    }
  }

  private clear(): void {
    this.canvas = null;
    for (const widget of [...this.widgets]) {
      widget.dispose();
    }
  }
}

class Refusal extends Widget {
  constructor(reason: string) {
    super();
    this.addClass('dv-RunOutput-refusal');
    this.node.setAttribute('role', 'note');
    this.node.dataset['testid'] = 'dv-refused';
    this.node.textContent = trans.__(
      'DeepView cannot show what this output keeps. %1 Run the cell again to see it live.',
      reason,
    );
  }
}
