import type { Detection } from '../../core/text.ts';
import { detector, type DetectorOptions } from '../detector.ts';
import type { TextSubject } from '../text-subject.ts';
import { dangerousAddress, dataLink } from './addresses.ts';
import { CODE_PATTERNS } from './code-patterns.ts';

const MAPS = ['OWASP-LLM05:2025'];

const RULES = [
  {
    id: 'unsafe-output.script',
    title: 'The output holds markup that runs code in a browser',
    severity: 'high',
    why: 'An application that shows output as HTML runs what the model, or whoever steered it, wrote.',
    fix: 'Escape output, and show it under a content security policy.',
    maps: [...MAPS, 'CWE-79'],
  },
  {
    id: 'unsafe-output.sql',
    title: 'The output holds SQL that breaks out of a query or destroys data',
    severity: 'high',
    why: 'Tautologies and stacked statements turn a lookup into a dump or a deletion.',
    fix: 'Never run SQL from output with more rights than the user has; bind values.',
    maps: [...MAPS, 'CWE-89'],
  },
  {
    id: 'unsafe-output.shell',
    title: 'The output holds a shell command that destroys, opens a connection back, or runs what it downloads',
    severity: 'high',
    why: 'Agents and people run commands that a model suggests.',
    fix: 'Run commands only from an allow-list, in a sandbox, after approval.',
    maps: [...MAPS, 'CWE-78'],
  },
  {
    id: 'unsafe-output.internal-address',
    title: 'The output leads to a cloud metadata service or another internal address',
    severity: 'high',
    why: 'Fetching the metadata address hands out the credentials of the machine (server-side request forgery).',
    fix: 'Fetch only from an allow-list of hosts, and check the address when connecting.',
    maps: [...MAPS, 'CWE-918'],
  },
  {
    id: 'unsafe-output.data-link',
    title: 'The output holds an image or link that carries data in its address',
    severity: 'high',
    why: 'Showing the image sends what its address holds to another server, without a click.',
    fix: 'Show images of allowed hosts only (allowedHosts).',
    maps: [...MAPS, 'OWASP-LLM02:2025', 'ATLAS:AML.T0057', 'CWE-200'],
  },
] as const;

type RuleId = (typeof RULES)[number]['id'];

/** Markup, SQL, commands and addresses that do harm where output is run, shown or fetched. */
export const unsafeOutput = detector({
  id: 'unsafe-output',
  title: 'Unsafe output',
  rules: RULES,
  channels: ['assistant', 'tool-arguments'],
  compile,
});

const URL = /\b(?:https?|ftp|gopher|file|dict|ldap):\/\/[^\s<>"'`)\]}]{1,2000}/gi;
const EMBED =
  /(!?)\[[^\]\n]{0,300}\]\(\s{0,3}<?(https?:\/\/[^\s)>]{1,4000})|<img\b[^<>]{0,300}\bsrc\s{0,3}=\s{0,3}["']?(https?:\/\/[^\s"'<>]{1,4000})|(!?)\[[^\]\n]{1,100}\]:\s{1,3}(https?:\/\/[^\s]{1,4000})/gi;
const MAX = 100;

function compile({ allowedHosts = [] }: DetectorOptions<'unsafe-output'>): (subject: TextSubject) => Generator<Detection<RuleId>> {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  return function* inspect(subject): Generator<Detection<RuleId>> {
    const { text, map } = subject.normalised;
    const executes = subject.segment.channel === 'tool-arguments';
    for (const { rule, regex, signs, score, inText } of CODE_PATTERNS) {
      if (!signs.some((sign) => text.includes(sign))) continue;
      for (const match of bounded(text, regex)) {
        yield { rule, span: map.toOriginal(match.index, match.index + match[0].length), score: executes ? score : inText };
      }
    }
    if (!text.includes('://')) return;
    for (const match of bounded(text, URL)) {
      if (dangerousAddress(match[0])) {
        yield {
          rule: 'unsafe-output.internal-address',
          span: map.toOriginal(match.index, match.index + match[0].length),
          score: executes ? 0.9 : 0.6,
        };
      }
    }
    for (const match of bounded(text, EMBED)) {
      const address = match[2] ?? match[3] ?? match[5] ?? '';
      const image = match[1] === '!' || match[3] !== undefined;
      if (dataLink(address, allowed)) {
        yield {
          rule: 'unsafe-output.data-link',
          span: map.toOriginal(match.index, match.index + match[0].length),
          score: image ? 0.85 : 0.5,
        };
      }
    }
  };
}

function* bounded(text: string, regex: RegExp): Generator<RegExpExecArray> {
  regex.lastIndex = 0;
  let count = 0;
  for (let match = regex.exec(text); match !== null && count++ < MAX; match = regex.exec(text)) yield match;
}
