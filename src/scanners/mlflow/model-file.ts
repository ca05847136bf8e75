import * as z from 'zod';

const Flavor = z.record(z.string(), z.unknown());

/** The parts of an `MLmodel` file that decide what is loaded and run. */
export const ModelFile = z.object({
  flavors: z.record(z.string(), Flavor.nullable().catch(null)).catch({}),
});
export type ModelFile = z.infer<typeof ModelFile>;

/** Keys of flavours whose value is a path inside the model folder. */
const PATH_KEYS =
  /^(?:data|code|model_path|model_data|pickled_model|python_model|model_binary|source_code|model_config|saved_model_dir|keras_model|tf_saved_model|spark_model|h2o_model|statsmodels_model|path|code_dir|chat_model|model_binary_path|tokenizer_name_path|components_path|checkpoint|state_dict|external_data|extra_files|pipeline)$/;

/** A path that a flavour names, with where it stands. */
export interface NamedPath {
  readonly key: string;
  readonly path: string;
}

/** Paths in all flavours, nested artifacts included. */
export function pathsOf(file: ModelFile): NamedPath[] {
  const found: NamedPath[] = [];
  const queue: [string, unknown][] = Object.entries(file.flavors);
  for (let next = queue.pop(); next !== undefined && found.length < 1_000; next = queue.pop()) {
    const [key, value] = next;
    if (value === null || typeof value !== 'object') continue;
    for (const [name, child] of Object.entries(value)) {
      if (typeof child === 'string' && (PATH_KEYS.test(name) || key.endsWith('env'))) found.push({ key: `${key}.${name}`, path: child });
      else queue.push([`${key}.${name}`, child]);
    }
  }
  return found;
}

/** True for a path that leads out of the folder it is joined to. */
export function escapes(path: string): boolean {
  return /^(?:[/\\~]|[A-Za-z]:[/\\])/.test(path) || /^[a-z][a-z0-9+.-]*:\/\//i.test(path) || path.split(/[/\\]/).includes('..');
}
