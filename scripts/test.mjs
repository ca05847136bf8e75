/** `npm test`: installs what is missing, then runs every test (the test set-up builds). */
import { install, run } from './prepare.mjs';

install();
run('npx', ['--no-install', 'vitest', 'run', ...process.argv.slice(2)]);
