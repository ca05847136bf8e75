import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
const tsx = createRequire(import.meta.url).resolve('tsx/cli');

/** Runs the example as a user of the package does: `cordon` is what package.json exports, the built dist. */
function run(...paths: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, '--tsconfig', 'tsconfig.json', 'scan-folder.ts', ...paths], {
    cwd: here,
  });
  return { status, stdout: String(stdout), stderr: String(stderr) };
}

test('good models pass', () => {
  const { status, stdout, stderr } = run('../models/good');
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('clean complete safetensors tiny-llm/model.safetensors\n');
  expect(stdout.trimEnd().endsWith('allow: nothing stands against it')).toBe(true);
});

test('bad models do not', () => {
  const { status, stdout, stderr } = run('../models/bad');
  expect(status, stderr).toBe(1);
  expect(stdout).toMatch(/^blocked complete zip backdoored\.pt$/m);
  expect(stdout).toMatch(/^ {2}critical /m);
});
