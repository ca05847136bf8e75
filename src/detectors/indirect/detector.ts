import type { Detection } from '../../core/text.ts';
import type { PhraseKind } from '../../patterns/phrases/phrase.ts';
import { hiddenStretches } from '../../patterns/views/markup.ts';
import { classified } from '../classified.ts';
import { detector, UNTRUSTED } from '../detector.ts';
import { forgeries } from '../forgeries.ts';
import type { FoundPhrase, TextSubject } from '../text-subject.ts';

const MAPS = ['OWASP-LLM01:2025', 'ATLAS:AML.T0051.001'];
const FIX = 'Leave the document out, or let the model read it without tools. The tool-call policy stops what slips through.';

const RULES = [
  {
    id: 'indirect.override',
    title: 'Data tells the model to disregard or replace its instructions',
    severity: 'high',
    why: 'Nobody who writes for people tells a model to forget its instructions: the author wants to steer the application that reads this.',
    fix: FIX,
    maps: MAPS,
  },
  {
    id: 'indirect.addressed-to-model',
    title: 'Data speaks to the model that reads it',
    severity: 'high',
    why: 'A document that addresses the assistant instead of its reader was written to be obeyed by it.',
    fix: FIX,
    maps: MAPS,
  },
  {
    id: 'indirect.conceal',
    title: 'Data tells the model to keep something from the user',
    severity: 'high',
    why: 'Secrecy towards the user, or acting without asking, serves an attacker only.',
    fix: FIX,
    maps: MAPS,
  },
  {
    id: 'indirect.exfiltration',
    title: 'Data tells the model to send data somewhere',
    severity: 'high',
    why: 'An instruction in data to send a conversation, keys or contacts to an address takes data out of the application.',
    fix: FIX,
    maps: [...MAPS, 'ATLAS:AML.T0057'],
  },
  {
    id: 'indirect.hijack',
    title: 'Data gives the model another task',
    severity: 'high',
    why: 'The model does the attacker’s task with the user’s rights.',
    fix: FIX,
    maps: MAPS,
  },
  {
    id: 'indirect.fake-turn',
    title: 'Data contains turns or control tokens of a chat template',
    severity: 'high',
    why: 'Where data is pasted into a template, a forged system turn has the operator’s authority.',
    fix: 'Remove control tokens from data before it becomes part of a prompt.',
    maps: MAPS,
  },
  {
    id: 'indirect.hidden-instruction',
    title: 'Invisible text carries an instruction for the model',
    severity: 'critical',
    why: 'Comments, invisible styles and invisible characters are read by models and not by people.',
    fix: 'Give models only what a person would see.',
    maps: [...MAPS, 'CWE-1007'],
  },
  {
    id: 'indirect.hidden-characters',
    title: 'Data carries text in characters that nobody sees',
    severity: 'high',
    why: 'Tag characters spell out text that only a model reads; ordinary writing has no use for them.',
    fix: 'Remove the invisible characters and look at what they say.',
    maps: [...MAPS, 'CWE-1007'],
  },
  {
    id: 'indirect.tool-poisoning',
    title: 'A tool’s description steers the model beyond the tool',
    severity: 'critical',
    why: 'A description that demands files, other tools’ data or secrecy turns a harmless-looking tool into a way out.',
    fix: 'Remove the server, or pin and review the descriptions of its tools.',
    maps: [...MAPS, 'ATLAS:AML.T0053'],
  },
  {
    id: 'indirect.classifier',
    title: 'The trained classifier takes it for an attack',
    severity: 'high',
    why: 'The classifier learned from many attacks what no rule spells out. Its threshold lets through all but one in a hundred ordinary texts.',
    fix: 'Look at the span. Switch the rule off (exceptRules) where it is wrong for your texts.',
    maps: MAPS,
  },
] as const;

type RuleId = (typeof RULES)[number]['id'];

const BY_KIND: Partial<Record<PhraseKind, RuleId>> = {
  override: 'indirect.override',
  reset: 'indirect.override',
  persona: 'indirect.override',
  address: 'indirect.addressed-to-model',
  conceal: 'indirect.conceal',
  exfiltrate: 'indirect.exfiltration',
  hijack: 'indirect.hijack',
  extraction: 'indirect.exfiltration',
};

/** Instructions in what the model only reads: documents, pages, mails, tool results and tool descriptions. */
export const indirect = detector({
  id: 'indirect',
  title: 'Indirect prompt injection',
  rules: RULES,
  channels: UNTRUSTED,
  compile: () => inspect,
});

function* inspect(subject: TextSubject): Generator<Detection<RuleId>> {
  const { normalised, phrases, segment } = subject;
  const description = segment.channel === 'tool-description';
  const hidden =
    phrases.length === 0
      ? []
      : hiddenStretches(normalised.text).filter(({ by }) => !by.startsWith('html-attribute') && by !== 'html-title');
  const weight = isLesson(normalised.text) ? LESSON : 1;
  for (const phrase of phrases) {
    const { span, decoding } = phrase;
    const score = description
      ? phrase.score
      : phrase.score *
        (WEAKER[phrase.kind] ?? 1) *
        (phrase.loose === true && phrase.kind === 'override' ? LOOSE : 1) *
        (isQuoted(phrase) ? QUOTED : 1) *
        (phrase.kind === 'address' && isHeading(phrase) ? HEADING : 1) *
        (TALKED_OF.has(phrase.kind) ? weight : 1);
    const rule = ruleFor(phrase, description);
    if (rule === undefined) continue;
    const place = phrase.view === subject.views[0] ? hidden.find(({ start, end }) => phrase.start < end && phrase.end > start) : undefined;
    if (place !== undefined && score >= 0.5 && !description) {
      yield { rule: 'indirect.hidden-instruction', span, score: Math.min(0.97, score + 0.1), decoding: [place.by, ...decoding] };
    } else yield { rule, span, score, decoding };
  }
  yield* forgeries(subject, { turn: 'indirect.fake-turn', hidden: 'indirect.hidden-characters' });
  yield* classified(subject, 'indirect.classifier', 'document');
}

/** Why: pages on prompting speak of system prompts all the time, and mails of sending things; together with another sign they count. */
const WEAKER: Partial<Record<PhraseKind, number>> = { extraction: 0.35, persona: 0.85, reset: 0.9 };
/** What is left of words of disregarding that stand together in a document: manuals and mails have them; with another sign they count. */
const LOOSE = 0.83;
/** What is left of a phrase that stands in quotation marks. */
const QUOTED = 0.65;
/** What is left of a phrase in a text about prompting: one sign is an example there, two are an attack. */
const LESSON = 0.55;
/** What is left of "instructions for AI agents" as a heading: repositories have such files for those who work on them. */
const HEADING = 0.55;
const TALKED_OF: ReadonlySet<PhraseKind> = new Set(['override', 'extraction', 'persona', 'reset', 'address', 'conceal', 'hijack']);
const PROMPTING = /prompt|промпт|プロンプト|提示|프롬프트|موجه|प्रॉम्प्ट|jailbreak|istem mühendis/gi;

/** Whether a text is about prompting: it names prompts again and again. */
function isLesson(text: string): boolean {
  PROMPTING.lastIndex = 0;
  for (let count = 0; count < 4; count++) if (!PROMPTING.test(text)) return false;
  return true;
}

/** The heading of a Markdown document, and nothing else in its line. */
function isHeading({ view, start, end }: FoundPhrase): boolean {
  const line = view.text.lastIndexOf('\n', start - 1) + 1;
  const stop = view.text.indexOf('\n', start);
  return (
    (stop === -1 || end <= stop) && /^#{1,6} [^\n:.!]{1,80}$/.test(view.text.slice(line, stop === -1 ? view.text.length : stop).trimEnd())
  );
}

/** Quoted in a sentence or a list; a JSON string is no quotation. */
function isQuoted({ view, start }: FoundPhrase): boolean {
  const before = view.text.slice(Math.max(0, start - 6), start);
  return /(?:[\w.)\]-]\s?|-\s|\\)["'“«„「『`]$/u.test(before) && !/[:[,{]\s{0,2}["']$/.test(before);
}

/** Why not in documents: "before using this tool, read the file" is an ordinary sentence of a manual. */
function ruleFor({ kind }: FoundPhrase, description: boolean): RuleId | undefined {
  if (!description) return BY_KIND[kind];
  return kind === 'tooling' || BY_KIND[kind] !== undefined ? 'indirect.tool-poisoning' : undefined;
}
