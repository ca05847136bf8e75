import * as z from 'zod';
import type { TreeEntry } from '../../core/subject.ts';
import { folderOf, type Repository } from './repository.ts';

const Imports = z.array(z.object({ module: z.string(), level: z.number(), names: z.array(z.string()) }));
const MAX_FILES = 2_000;

/**
 * The files that run when these run: what they import relatively, and absolute imports that a file beside them answers.
 */
export function importClosure(repository: Repository, roots: Iterable<string>): Map<string, string> {
  const reachedFrom = new Map<string, string>();
  const queue: string[] = [];
  const reach = (path: string | undefined, from: string): void => {
    if (path === undefined || reachedFrom.has(path) || reachedFrom.size >= MAX_FILES) return;
    reachedFrom.set(path, from);
    queue.push(path);
  };
  for (const root of roots) reach(root, root);
  for (let at = 0; at < queue.length; at++) {
    const path = queue[at]!;
    const entry = repository.entries.get(path);
    if (entry === undefined) continue;
    for (const { module, level, names } of importsOf(entry)) {
      const folder = level === 0 ? folderOf(path) : parentFolder(folderOf(path), level - 1);
      if (module !== '') reach(repository.moduleFile(folder, module), path);
      const prefix = module === '' ? folder : `${folder}${module.replaceAll('.', '/')}/`;
      if (level > 0 || module !== '') for (const name of names) reach(repository.moduleFile(prefix, name), path);
    }
  }
  return reachedFrom;
}

function importsOf(entry: TreeEntry): z.infer<typeof Imports> {
  const fact = entry.facts.find(({ name, member }) => name === 'python.imports' && member === undefined);
  return fact === undefined ? [] : Imports.parse(fact.value);
}

function parentFolder(folder: string, levels: number): string {
  let parent = folder;
  for (let i = 0; i < levels && parent !== ''; i++) parent = folderOf(parent.slice(0, -1));
  return parent;
}
