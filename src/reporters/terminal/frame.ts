import type { Reason } from '../../core/decision.ts';
import { printable } from '../../core/printable.ts';
import type { Report } from '../../core/report.ts';
import { countText } from '../text/amounts.ts';
import type { Note } from '../text/notes.ts';
import type { ReasonGroup } from '../text/ranking.ts';
import { completenessSentence, gateSentence, headline, scopeSentence, type Tone } from '../text/summary.ts';
import { fit, wrap } from '../text/width.ts';
import type { Paint } from './paint.ts';

const SIGNS: Readonly<Record<Tone, string>> = { good: '✓', warning: '!', bad: '✗' };

/** The verdict with what the gate does and why, then what was looked at; with `all`, every reason of the gate and the data behind it. */
export function headerLines(report: Report, all: boolean, paint: Paint): string[] {
  const { word, tone } = headline(report);
  const sign = `${SIGNS[tone]} ${word}`;
  const room = paint.width - sign.length - 2;
  return [
    `${paint.tone(tone, sign)}  ${fit(gateSentence(report), room)}`,
    `  ${paint.quiet(fit(`${scopeSentence(report)}; ${completenessSentence(report)}`, paint.width - 2))}`,
    ...(all ? report.gate.reasons.flatMap((reason) => gateReasonLines(reason, paint)) : []),
  ];
}

function gateReasonLines({ effect, id, message, inputs }: Reason, paint: Paint): string[] {
  const because = inputs.length === 0 ? '' : ` because ${inputs.join(', ')}`;
  const [first = '', ...more] = wrap(printable(`${effect} [${id}]: ${message}${because}`), paint.width - 4);
  return [`  ${first}`, ...more.map((line) => `    ${line}`)];
}

/** One line for each kind of note; all their lines when everything is wanted. */
export function noteLines(notes: readonly Note[], all: boolean, paint: Paint): string[] {
  return notes.flatMap(({ label, lines, loud }) => {
    const head = `${label}: `;
    const painted = loud ? paint.tone('warning', head) : paint.quiet(head);
    if (all) return lines.flatMap((line) => hanging(painted, wrap(line, paint.width - head.length), head.length));
    const rest = lines.length > 1 ? ` (+${lines.length - 1} more)` : '';
    return [`${painted}${fit(lines[0] ?? '', Math.max(10, paint.width - head.length - rest.length))}${rest}`];
  });
}

function hanging(head: string, [first = '', ...more]: readonly string[], indent: number): string[] {
  return [`${head}${first}`, ...more.map((line) => `${' '.repeat(indent)}${line}`)];
}

/** How to see more, as far as there is more to see than the counts in the header. */
export function closingLines(groups: readonly ReasonGroup[], shown: number, all: boolean, paint: Paint): string[] {
  const [first] = groups;
  if (first === undefined || shown === 0) return [];
  const hidden = groups.length - shown;
  const more = hidden > 0 ? `${countText(hidden, 'more reason')}: --all` : 'every detail: --all';
  const hints = [...(all ? [] : [more]), `what a rule means: cordon explain ${first.rule.id}`];
  return [paint.quiet(fit(hints.join(' · '), paint.width))];
}
