/** `npm test`: installs and builds what is missing, then runs every test. */
import { buildIfStale, install, run } from './prepare.mjs';

install();
await buildIfStale({ types: false });
run('npx', ['--no-install', 'vitest', 'run', ...process.argv.slice(2)]);
