import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CordonError } from '../../../core/errors.ts';
import { describeFolder } from './describe-folder.ts';
import { ModelManifest } from './manifest.ts';
import { readJson } from './read-json.ts';

/** A model of the guard where it lies. */
export interface FoundModel {
  readonly folder: string;
  readonly manifest: ModelManifest;
}

const MANIFEST = 'cordon-model.json';

/**
 * Finds the model that a configuration names: a folder, relative to the configuration, or an installed package. Only data is read; no code
 * of a package runs. Throws `config.invalid`.
 */
export function findModel(named: string, base: string): FoundModel {
  const folder = folderOf(named, base);
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) return { folder, manifest: describeFolder(folder) };
  const parsed = ModelManifest.safeParse(readJson(file));
  if (parsed.success) return { folder, manifest: parsed.data };
  const [issue] = parsed.error.issues;
  throw new CordonError('config.invalid', `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
}

function folderOf(named: string, base: string): string {
  const path = resolve(base, named);
  if (existsSync(path)) return statSync(path).isDirectory() ? path : dirname(path);
  if (!/^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(named) || isAbsolute(named)) {
    throw new CordonError('config.invalid', `there is no model ${path}`);
  }
  for (const from of [pathToFileURL(join(base, 'cordon.yaml')), import.meta.url]) {
    try {
      return dirname(createRequire(from).resolve(`${named}/package.json`));
    } catch {
      // Not installed there.
    }
  }
  throw new CordonError('config.invalid', `there is neither a folder ${path} nor an installed package ${named} (npm install ${named})`);
}
