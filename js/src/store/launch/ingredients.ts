import type { Source } from '../../protocol/messages';

/** What the user chose by name; undefined: nothing yet, null: none on purpose. */
export interface Wish {
  readonly model?: string | null;
  readonly data?: string | null;
}

/** What a run takes. Data that ends in a model of its own needs no other. */
export interface Ingredients {
  readonly model: Source | null;
  readonly data: Source | null;
}

export function isModel({ role }: Source): boolean {
  return role === 'model' || role === 'framework_model';
}

/** Finds what was chosen among the variables; where nothing was chosen, what is likely meant. */
export function ingredients(wish: Wish, sources: readonly Source[]): Ingredients {
  const models = sources.filter(isModel);
  const chosenModel = models.find(({ name }) => name === wish.model);
  const chosenData = sources.find(source => source.name === wish.data && !isModel(source));
  const likely = likelyData(sources, models.length > 0, chosenModel !== undefined);
  const data = wish.data === null ? null : (chosenData ?? likely);
  if (data?.ends_in_model === true) {
    return { model: null, data };
  }
  // Models of frameworks may be classes of the user's own, and reading their layers runs code: not before a click.
  const likelyModel = wish.model === null ? undefined : models.find(({ role }) => role === 'model');
  return { model: chosenModel ?? likelyModel ?? null, data };
}

/** Whether there are models, and none was chosen nor put back on purpose. */
export function lacksModel(wish: Wish, sources: readonly Source[]): boolean {
  const { model, data } = ingredients(wish, sources);
  return model === null && data?.ends_in_model !== true && wish.model !== null && sources.some(isModel);
}

/** Takes a variable for the next run; one that is taken already is put back. */
export function use(wish: Wish, source: Source, sources: readonly Source[]): Wish {
  const { model, data } = ingredients(wish, sources);
  if (!isModel(source)) {
    return { ...wish, data: source.name === data?.name ? null : source.name };
  }
  if (source.name === model?.name) {
    return { ...wish, model: null };
  }
  // A pipeline that has a model of its own has no use for this one.
  return data?.ends_in_model === true ? { model: source.name } : { ...wish, model: source.name };
}

function likelyData(sources: readonly Source[], hasModels: boolean, modelChosen: boolean): Source | null {
  // What was made for a run is more likely meant than the arrays that it was made of.
  const certain = sources.filter(({ role }) => role === 'pipeline' || role === 'producer');
  const data = [...certain, ...sources.filter(({ role }) => role === 'data')];
  const plain = data.find(source => !source.ends_in_model);
  return modelChosen || (hasModels && plain !== undefined) ? (plain ?? null) : (data[0] ?? null);
}
