import * as z from 'zod';
import type { TreeSubject } from '../../core/subject.ts';
import { autoMapReferences, type CodeReference, moduleReferences, pipelineReferences } from './references.ts';
import { folderOf, type Repository } from './repository.ts';

/** Files that loaders run by their name alone. */
const CONVENTIONAL = /^(?:handler|hubconf|pipeline|generate|inference)\.py$/;
const CONFIG =
  /(?:^|[_.-])(?:config|configuration)\.json$|^(?:config_sentence_transformers|processor_config|video_preprocessor_config)\.json$/;
const Names = z.array(z.string());
const MlflowCode = z.object({ loader: z.string().nullable(), folders: z.array(z.string()), files: z.array(z.string()) });

/** A Python file that runs when the model is loaded, and the pickle that imports it, if one does. */
export interface CodeRoot {
  readonly path: string;
  readonly pickle?: { readonly path: string; readonly module: string };
}

/** All references to code in the configurations of a repository. */
export function referencesOf(tree: TreeSubject, repository: Repository): CodeReference[] {
  const found: CodeReference[] = [];
  for (const { path } of tree.entries) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const folder = folderOf(path);
    if (CONFIG.test(name)) {
      const config = repository.json(path);
      if (config !== undefined) found.push(...autoMapReferences(path, config));
    } else if (name === 'model_index.json') {
      const index = repository.json(path);
      if (index === undefined) continue;
      found.push(...pipelineReferences(path, index, (module) => repository.moduleFile(folder, module) !== undefined));
      found.push(...autoMapReferences(path, index));
    } else if (name === 'modules.json') {
      const modules = repository.json(path);
      if (modules !== undefined) found.push(...moduleReferences(path, modules));
    }
  }
  return found;
}

/** The file a reference names, beside the configuration or at the root of the repository. */
export function fileOf(repository: Repository, reference: CodeReference): string | undefined {
  const folder = folderOf(reference.from);
  return repository.moduleFile(folder, reference.module) ?? repository.moduleFile('', reference.module);
}

/** Files that run because of their name, of a pickle that imports them, or of MLflow. */
export function otherRoots(tree: TreeSubject, repository: Repository): CodeRoot[] {
  const roots: CodeRoot[] = [];
  for (const { path, facts } of tree.entries) {
    const folder = folderOf(path);
    const name = path.slice(folder.length);
    if (
      CONVENTIONAL.test(name) &&
      (name === 'hubconf.py' || repository.modelFolders.has(folder) || /(?:^|\/)(?:custom_generate|code)\/$/.test(folder))
    ) {
      roots.push({ path });
    }
    for (const fact of facts) {
      if (fact.name === 'pickle.imports') roots.push(...pickleRoots(path, Names.safeParse(fact.value).data ?? [], repository));
      else if (fact.name === 'mlflow.code') roots.push(...mlflowRoots(path, MlflowCode.parse(fact.value), tree));
    }
  }
  return roots;
}

/** Modules that a pickle imports and that lie beside it. Why: they are on the path of whoever runs Python in that folder. */
function pickleRoots(path: string, names: readonly string[], repository: Repository): CodeRoot[] {
  const modules = new Set(names.slice(0, 2_000).map((name) => name.slice(0, name.lastIndexOf('.'))));
  return [...modules].flatMap((module) => {
    const file = module === '' ? undefined : repository.moduleFile(folderOf(path), module);
    return file === undefined ? [] : [{ path: file, pickle: { path, module } }];
  });
}

function mlflowRoots(path: string, code: z.infer<typeof MlflowCode>, tree: TreeSubject): CodeRoot[] {
  const folder = folderOf(path);
  const folders = code.folders.map((one) => `${folder}${one.replace(/\/?$/, '/')}`);
  const files = new Set(code.files.map((one) => `${folder}${one}`));
  return tree.entries
    .filter((entry) => entry.path.endsWith('.py') && (files.has(entry.path) || folders.some((one) => entry.path.startsWith(one))))
    .map((entry) => ({ path: entry.path }));
}
