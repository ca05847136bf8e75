import { codequality } from './codequality.ts';
import { cyclonedx } from './cyclonedx.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Reporter } from './reporter.ts';
import { sarif } from './sarif.ts';
import { terminal } from './terminal.ts';

/** Every reporter by the name `--format` takes. Adding one is one line here. */
export const REPORTERS = { terminal, json, sarif, junit, markdown, html, cyclonedx, codequality } satisfies Record<string, Reporter>;

export type ReporterName = keyof typeof REPORTERS;
