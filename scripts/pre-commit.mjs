#!/usr/bin/env node
/** What the pre-commit hook runs in its own checkout: installs and builds what is missing, then scans the files it is given. */
process.argv.splice(2, 0, 'scan');
await import('./start.mjs');
