import * as z from 'zod';
import { Config } from '../../core/config.ts';
import { readYaml } from './read-yaml.ts';

/** Reads `cordon.yaml`. Throws `config.invalid` naming line, column and the key that was probably meant. */
export function loadConfig(text: string, path: string): Config {
  return readYaml(text, path, Config);
}

/** JSON Schema of `cordon.yaml`, for completion and checks in editors. */
export function configJsonSchema(): object {
  return { $id: 'urn:cordon:schema:config:1', title: 'Cordon configuration', ...z.toJSONSchema(Config, { io: 'input' }) };
}
