import { trans } from '../../../store/shared/trans';

interface Cell {
  readonly cell_type: 'code' | 'markdown';
  readonly id: string;
  readonly source: string;
}

/** The cells of the demo. A test keeps their code equal to that of examples/demo.ipynb. */
export function demoCells(): Cell[] {
  return [
    text('intro', heading(1, trans.__('What is inside this network?')), introduction()),
    code('load', '%load_ext deepview_lab'),
    text('model-text', heading(2, trans.__('The network and the data')), aboutModel()),
    code('model', 'from deepview_lab import demo\n\nmodel = demo.load_model()\n%deepview layers model'),
    text('data-text', aboutData()),
    code('data', DATA),
    text('run-text', heading(2, trans.__('Watch the layers')), aboutRun(), aboutIntrospectors()),
    code('run', RUN),
    text('results-text', heading(2, trans.__('What was found')), aboutResults()),
    code('results', 'results = run.wait()\nIUA.show(results["iua"], details=True)'),
    text('dead-text', aboutDeadUnits()),
    code('dead', 'results["iua"].results["relu3"].dead_units'),
    code('chart', CHART),
    text('recipe-text', aboutRecipe()),
    code(
      'recipe',
      'recipe = results["pfa"].get_recipe()\nPFA.show(recipe, exclude_columns=["units to keep"])',
    ),
    code('recipe-chart', 'PFA.show(recipe, vis_type=PFA.VisType.CHART)'),
    text('magic-text', heading(2, trans.__('The same in one line')), aboutMagic()),
    code('magic', '%deepview live producer iua pfa'),
    text('next', aboutNext()),
  ];
}

const DATA = `from deepview_lab.base import pipeline
from deepview_lab.processors import MeanStdNormalizer

producer = pipeline(
    demo.load_data(),
    MeanStdNormalizer(mean=0, std=255),
    model(requested_responses=demo.RESPONSES),
)
producer`;

const RUN = `import deepview_lab
from deepview_lab.introspectors import IUA, PFA

run = deepview_lab.start(producer, IUA.spec(), PFA.spec(pool="average"), batch_size=32, name="demo")
run`;

const CHART =
  'IUA.show(results["iua"], vis_type=IUA.VisType.CHART, response_names=["relu2", "relu3", "wide_relu"])';

function introduction(): string {
  return trans.__(
    'A small network that reads handwritten digits was trained with a learning rate that is too high. It is right about 95 times in 100, and nothing looks wrong from outside. Run the cells from top to bottom (Shift Enter) and look inside.',
  );
}

function aboutModel(): string {
  return trans.__(
    'The network is a Keras model that comes with DeepView. Its layers, as DeepView sees them:',
  );
}

function aboutData(): string {
  return trans.__(
    'A **producer** yields batches of images. A **pipeline** sends them through **stages**: here the pixels are scaled to 0..1, and the model answers with the responses of its layers. Nothing is computed yet.',
  );
}

function aboutRun(): string {
  return trans.__(
    '`start` returns at once and works in the background. The table below fills in while the 5,000 images pass. You can sort it, filter it, stop the run, and open it in a tab of its own.',
  );
}

function aboutIntrospectors(): string {
  const inactive = trans.__(
    '**IUA** (inactive unit analysis) counts values that are zero, and finds units that always are: they are *dead*.',
  );
  const principal = trans.__('**PFA** (principal filter analysis) asks how many units a layer really needs.');
  return `- ${inactive}\n- ${principal}`;
}

function aboutResults(): string {
  return trans.__(
    '`wait` returns the results when the run has ended. The next cells are tables and charts of them.',
  );
}

function aboutDeadUnits(): string {
  return trans.__(
    'Look at the column *dead units*. Some units were never active, and steps that were too large pushed others so far down that no digit activates them any more. They cost time and memory and do nothing. In `relu3` these are:',
  );
}

function aboutRecipe(): string {
  return trans.__(
    'PFA turns the correlations between the units of a layer into a recipe. The layer `wide` has 256 units, which is more than twice what PFA recommends.',
  );
}

function aboutMagic(): string {
  return trans.__(
    'With the magic there is nothing to import. `%deepview --help` lists what it can do, and Tab completes names.',
  );
}

function aboutNext(): string {
  return trans.__(
    'Your own model and data: `deepview_lab.introspect(model, x_train, labels=y_train)`, for models of Keras and for files. Or define both in a cell, and choose them in the DeepView panel.',
  );
}

function heading(level: 1 | 2, words: string): string {
  return `${'#'.repeat(level)} ${words}`;
}

function text(id: string, ...paragraphs: string[]): Cell {
  return { cell_type: 'markdown', id, source: paragraphs.join('\n\n') };
}

function code(id: string, source: string): Cell {
  return { cell_type: 'code', id, source };
}
