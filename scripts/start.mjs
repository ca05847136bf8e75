/** `npm start -- <args>`: runs `cordon <args>` from a checkout; without arguments it runs the server. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildIfStale, install, root } from './prepare.mjs';

install();
await buildIfStale({ types: false });
const given = process.argv.slice(2);
const args = given.length > 0 ? given : ['serve'];
const cwd = process.env.INIT_CWD ?? process.cwd();
const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...args], { stdio: 'inherit', cwd });
// Why: the server finishes requests under way when it is told to stop. A terminal tells the child itself; others tell only us.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
child.on('exit', (status) => {
  process.exitCode = status ?? 1;
});
