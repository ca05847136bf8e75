import type { Report } from '../../core/report.ts';
import type { Note } from '../text/notes.ts';
import { countText } from '../text/amounts.ts';
import { h, type Html } from './element.ts';

/** Lines of one note and inputs of one reason that are listed; the rest is counted. */
const MOST_LINES = 200;

/** What must be known beside the findings: unread files, failed scanners, waivers, the baseline. */
export function noteSection(notes: readonly Note[]): Html {
  if (notes.length === 0) return h``;
  const rows = notes.map(({ label, lines, loud }) => {
    const shown = lines.slice(0, MOST_LINES).map((line) => h`<dd>${line}</dd>`);
    const hidden = lines.length - shown.length;
    const title = label.charAt(0).toUpperCase() + label.slice(1);
    return h`<div class="${loud ? 'warning' : 'plain'}"><dt>${title}</dt>${shown}${hidden === 0 ? h`` : h`<dd>and ${countText(hidden, 'more line')}</dd>`}</div>\n`;
  });
  return h`<section id="notes" aria-labelledby="h-notes"><h2 id="h-notes">Know this too</h2>\n<dl class="notes">\n${rows}</dl></section>\n`;
}

/** Why the gate decided so: each entry of the policy that fired, with the data that made it fire. */
export function gateSection({ gate }: Report): Html {
  if (gate.reasons.length === 0) return h``;
  const rows = gate.reasons.map(({ effect, id, message, inputs }) => {
    const shown = inputs.slice(0, MOST_LINES).map((input) => h`<div><code>${input}</code></div>`);
    const hidden = inputs.length - shown.length;
    const data = hidden === 0 ? shown : [...shown, h`<div>and ${countText(hidden, 'more value')}</div>`];
    return h`<tr><td class="state ${effect}">${effect}</td><th scope="row"><div class="path">${message}</div>${data}<div class="quiet">${id}</div></th></tr>\n`;
  });
  return h`<section id="gate" aria-labelledby="h-gate"><h2 id="h-gate">Why the gate decides so</h2>
<table><thead><tr><th scope="col">Effect</th><th scope="col">Policy entry and the data that made it fire</th></tr></thead>
<tbody>
${rows}</tbody></table></section>
`;
}
