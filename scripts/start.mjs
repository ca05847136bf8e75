/** `npm start -- <args>`: runs `cordon <args>` from a checkout; without arguments it scans the examples. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildIfStale, install, root } from './prepare.mjs';

install();
await buildIfStale({ types: false });
const given = process.argv.slice(2);
const args = given.length > 0 ? given : ['scan', join(root, 'examples/models')];
const cwd = process.env.INIT_CWD ?? process.cwd();
const { status } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...args], { stdio: 'inherit', cwd });
process.exitCode = status ?? 1;
