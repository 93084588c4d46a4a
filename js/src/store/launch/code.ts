import type { Offer } from './analyses';
import { isIdentifier, pythonText } from '../shared/python';

/** A variable, and whether it first has to be made a producer, or a model of DeepView. */
export interface Ingredient {
  readonly name: string;
  readonly converted: boolean;
}

/** A run as the panel describes it. */
export interface RunRequest {
  /** The variable that holds the data. */
  readonly data: Ingredient;
  /** The variable that holds the model; null for data that has one or needs none. */
  readonly model: Ingredient | null;
  /** Layer names; null for all there are. */
  readonly layers: readonly string[] | null;
  /** What to compute. */
  readonly analyses: readonly Offer[];
  /** The values of options by their names; the others have their defaults. */
  readonly options: ReadonlyMap<string, string>;
  readonly batchSize: number;
  /** The folder in which the run is kept; null for one that is not. */
  readonly checkpoint: string | null;
  /** Names that hold something else in the kernel, so that the code must not bind them. */
  readonly taken: ReadonlySet<string>;
}

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

const OUR_FACES = 'deepview_lab.introspectors';
const NOTEBOOK = '__main__';
/** Black's line length. */
const WIDTH = 88;
const INDENT = '    ';

/** Writes the code of a run, once for the button and for the cell. */
export function runCode(request: RunRequest): RunCode {
  const names = new Names(request.taken);
  const specs = request.analyses.map(offer => specText(offer, request, names));
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
  const ours = analyses.filter(({ module }) => module === OUR_FACES);
  const remover = model === null && layers !== null;
  return [
    `import ${names.imported('deepview_lab')}`,
    ...(model !== null || remover ? [`from deepview_lab.base import ${names.imported('pipeline')}`] : []),
    ...facesOf(ours, names),
    ...(remover ? [`from deepview_lab.processors import ${names.imported('FieldRemover')}`] : []),
    ...facesOf(
      analyses.filter(offer => !ours.includes(offer) && offer.module !== NOTEBOOK),
      names,
    ),
  ];
}

/** Imports of classes, a line for each module. */
function facesOf(offers: readonly Offer[], names: Names): string[] {
  const modules = [...new Set(offers.map(({ module }) => module))].sort();
  return modules.map(name => {
    const faces = offers.filter(({ module }) => module === name).map(({ face }) => names.imported(face));
    return `from ${name} import ${faces.sort().join(', ')}`;
  });
}

/** The producer as an expression, in lines of at most WIDTH where names allow it. */
function producerLines({ data, model, layers }: RunRequest, names: Names): string[] {
  const source = ingredientText(data, 'as_producer', names);
  if (model === null && layers === null) {
    return [source];
  }
  const [before, after] =
    model === null
      ? [`${names.of('FieldRemover')}(fields=`, ', keep=True)']
      : [`${ingredientText(model, 'as_model', names)}(`, ')'];
  const list = layers === null ? '' : `[${layers.map(pythonText).join(', ')}]`;
  const pipeline = names.of('pipeline');
  const short = `${pipeline}(${source}, ${before}${list}${after})`;
  if (INDENT.length + short.length + 1 <= WIDTH || layers === null) {
    return [short];
  }
  const stage = [`${before}[`, ...indented(filled(layers.map(pythonText))), `]${after},`];
  return [`${pipeline}(`, ...indented([`${source},`, ...stage]), ')'];
}

function ingredientText({ name, converted }: Ingredient, convert: string, names: Names): string {
  return converted ? `${names.of('deepview_lab')}.${convert}(${variable(name)})` : variable(name);
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

function specText(offer: Offer, { options: chosen }: RunRequest, names: Names): string {
  const settings = offer.options.flatMap(({ name, default: usual, explicit }) => {
    const value = chosen.get(name) ?? usual;
    return explicit || value !== usual ? [`${variable(name)}=${valueText(value)}`] : [];
  });
  // A class of the notebook is there already, under its own name.
  const face = offer.module === NOTEBOOK ? offer.face : names.of(offer.face);
  return `${face}.spec(${settings.join(', ')})`;
}

function valueText(value: string): string {
  return value === 'none' ? 'None' : pythonText(value);
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
