import type { Budget } from '../../core/budget.ts';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { parseTemplate } from '../../formats/jinja/parse.ts';
import { Analysis, type Report } from './analysis.ts';
import { callMacro, execute } from './execute.ts';
import { suspiciousWords } from './fallback.ts';

/** Everything that stands out in one template. `isChat`: a model’s own chat template, which must parse. */
export function analyse(template: string, budget: Budget, isChat: boolean): readonly Report[] {
  const analysis = new Analysis(budget, callMacro);
  try {
    execute(analysis, parseTemplate(template));
    return analysis.reports;
  } catch (error) {
    if (error instanceof RangeError) return [...analysis.reports, TOO_DEEP, ...unparsable(template, 'nested too deeply', false)];
    if (!(error instanceof CordonError) || error.code === 'limit.reached') throw error;
    return unparsable(template, errorMessage(error), isChat);
  }
}

/** Long chains inside deep brackets overflow the stack of whoever walks the tree; no ordinary template has them. */
const TOO_DEEP: Report = {
  rule: 'jinja.unparsable',
  key: 'depth',
  message: 'Template nests too deeply to be followed',
  offset: 0,
  severity: 'high',
};

function unparsable(template: string, reason: string, isChat: boolean): readonly Report[] {
  const words = suspiciousWords(template);
  const reports: Report[] = [];
  if (isChat) reports.push({ rule: 'jinja.unparsable', key: 'template', message: `Template cannot be parsed: ${reason}`, offset: 0 });
  if (words.length > 0) {
    const message = `Template cannot be parsed and has ${words.join(', ')} inside its tags`;
    reports.push({ rule: 'jinja.internal-access', key: words[0] ?? '', message, offset: 0 });
  }
  return reports;
}
