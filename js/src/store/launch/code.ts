import { type Analysis, type Evidence, type Offer, offersOf } from './analyses';
import { isIdentifier, pythonText } from '../shared/python';

/** A run as the panel describes it. */
export interface RunRequest {
  /** The variable that holds the data. */
  readonly data: string;
  /** The variable that holds the model, and whether Keras made it; null for data that has one or needs none. */
  readonly model: { readonly name: string; readonly keras: boolean } | null;
  /** Layer names; null for all there are. */
  readonly layers: readonly string[] | null;
  /** What to compute. */
  readonly analyses: ReadonlySet<Analysis>;
  readonly pool: Pool;
  /** What is asked about labels. */
  readonly evidence: Evidence;
  readonly batchSize: number;
  /** The folder in which the run is kept; null for one that is not. */
  readonly checkpoint: string | null;
  /** Names that hold something else in the kernel, so that the code must not bind them. */
  readonly taken: ReadonlySet<string>;
}

export const POOLS = ['average', 'max', 'none'] as const;
export type Pool = (typeof POOLS)[number];

/** Python for a run. */
export interface RunCode {
  /** Starts the run. */
  readonly start: string;
  /** Starts it and shows it: what goes into a cell. */
  readonly cell: string;
  /** The variable that holds the run. */
  readonly variable: string;
  /** The folder in which the run is kept, or null. */
  readonly checkpoint: string | null;
}

/** Black's line length. */
const WIDTH = 88;
const INDENT = '    ';

/** Writes the code of a run, once for the button and for the cell. */
export function runCode(request: RunRequest): RunCode {
  const names = new Names(request.taken);
  const specs = offersOf(request.analyses).map(offer => specText(offer, request, names));
  const producer = producerLines(request, names);
  const run = names.of('run');
  const { checkpoint } = request;
  const options = [
    `batch_size=${request.batchSize},`,
    ...(checkpoint === null ? [] : [`checkpoint=${pythonText(checkpoint)},`]),
  ];
  const call = [
    `${run} = ${names.of('deepview_lab')}.start(`,
    ...indented([...ended(producer), ...specs.map(spec => `${spec},`), ...options]),
    ')',
  ];
  const start = [...importLines(request, names), '', ...call].join('\n');
  return { start, cell: shown(start, run), variable: run, checkpoint };
}

/** The code of a run with a last line that shows it. */
export function shown(start: string, variable: string): string {
  return `${start}\n${variable}`;
}

/** The names that the code binds, each under another name where its own is taken. */
export class Names {
  constructor(private readonly taken: ReadonlySet<string>) {}

  of(name: string): string {
    let free = name;
    while (this.taken.has(free)) {
      free = `dv_${free}`;
    }
    return free;
  }

  imported(name: string): string {
    const free = this.of(name);
    return free === name ? name : `${name} as ${free}`;
  }
}

function importLines({ model, layers, analyses }: RunRequest, names: Names): string[] {
  const faces = offersOf(analyses).map(({ face }) => names.imported(face));
  const remover = model === null && layers !== null;
  return [
    `import ${names.imported('deepview_lab')}`,
    ...(model !== null || remover ? [`from deepview_lab.base import ${names.imported('pipeline')}`] : []),
    `from deepview_lab.introspectors import ${faces.sort().join(', ')}`,
    ...(remover ? [`from deepview_lab.processors import ${names.imported('FieldRemover')}`] : []),
    ...(model?.keras === true
      ? [`from deepview_lab.tensorflow import ${names.imported('load_tf_model_from_memory')}`]
      : []),
  ];
}

/** The producer as an expression, in lines of at most WIDTH where names allow it. */
function producerLines({ data, model, layers }: RunRequest, names: Names): string[] {
  const source = variable(data);
  if (model === null && layers === null) {
    return [source];
  }
  const [before, after] =
    model === null
      ? [`${names.of('FieldRemover')}(fields=`, ', keep=True)']
      : [`${modelText(model, names)}(`, ')'];
  const list = layers === null ? '' : `[${layers.map(pythonText).join(', ')}]`;
  const pipeline = names.of('pipeline');
  const short = `${pipeline}(${source}, ${before}${list}${after})`;
  if (INDENT.length + short.length + 1 <= WIDTH || layers === null) {
    return [short];
  }
  const stage = [`${before}[`, ...indented(filled(layers.map(pythonText))), `]${after},`];
  return [`${pipeline}(`, ...indented([`${source},`, ...stage]), ')'];
}

function modelText({ name, keras }: NonNullable<RunRequest['model']>, names: Names): string {
  return keras ? `${names.of('load_tf_model_from_memory')}(model=${variable(name)})` : variable(name);
}

/** Items one after the other, as many in a line as fit at the depth at which they stand. */
function filled(items: readonly string[]): string[] {
  const room = WIDTH - 3 * INDENT.length;
  const lines: string[] = [];
  for (const item of items.map(text => `${text},`)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + item.length <= room) {
      lines[lines.length - 1] = `${last} ${item}`;
    } else {
      lines.push(item);
    }
  }
  return lines;
}

function specText({ face, pools, analysis }: Offer, { pool, evidence }: RunRequest, names: Names): string {
  const settings = [
    ...(pools ? [`pool=${poolText(pool)}`] : []),
    ...(analysis === 'labels' && evidence !== 'both' ? [`evidence=${pythonText(evidence)}`] : []),
  ];
  return `${names.of(face)}.spec(${settings.join(', ')})`;
}

function poolText(pool: Pool): string {
  return pool === 'none' ? 'None' : pythonText(pool);
}

function variable(name: string): string {
  if (!isIdentifier(name)) {
    throw new RangeError(`${pythonText(name)} is no name of a Python variable.`);
  }
  return name;
}

function indented(lines: readonly string[]): string[] {
  return lines.map(line => INDENT + line);
}

/** The lines of an argument, with its comma. */
function ended(lines: readonly string[]): string[] {
  return [...lines.slice(0, -1), `${lines.at(-1) ?? ''},`];
}
