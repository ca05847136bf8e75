import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import type { FileSubject } from '../../core/subject.ts';
import { readAll, utf8 } from '../../formats/bytes/read.ts';
import { analyse } from './analyse.ts';
import { type JinjaRuleId, RULES } from './rules.ts';
import { readTemplates } from './templates.ts';

type Observations = Iterable<Observation<JinjaRuleId>>;

/** Configuration files that tokenizers and processors read templates from. */
const CONFIGURATIONS = new Set(['tokenizer_config.json', 'chat_template.json', 'processor_config.json', 'preprocessor_config.json']);
const TEMPLATE_KEY = Buffer.from('chat_template');
const WINDOW = 1024 * 1024;
const MAX_OTHER_JSON = 32 * WINDOW;
/** What of other templates, for pages and builds, is worth a finding: what reaches Python or leaves the folder. */
const ANYWHERE = new Set<JinjaRuleId>(['jinja.internal-access', 'jinja.dangerous-call', 'jinja.file-reference']);

/** Evaluates chat templates without rendering them. */
export const jinjaScanner = fileScanner({
  id: 'jinja',
  title: 'Jinja chat templates: access to Python, hidden instructions',
  rules: RULES,
  accepts: (subject) => !subject.opaque && (isTemplate(subject) || subject.format === 'json'),
  *inspect(subject, context) {
    if (isTemplate(subject)) {
      const isChat = isChatTemplate(subject);
      const template = utf8(readAll(subject.source, context.budget));
      context.fact('templates', [{ name: subject.name, characters: template.length }]);
      yield* inspectTemplate(template, { name: subject.name, isChat, hasLines: true }, context);
    } else if (CONFIGURATIONS.has(subject.name) || mentionsTemplate(subject.source)) {
      yield* inspectJson(subject, context);
    }
  },
});

function isTemplate({ name, format }: FileSubject): boolean {
  return isChatName(name) || /\.(?:jinja2?|j2)$/i.test(name) || format === 'jinja';
}

function isChatName(name: string): boolean {
  return (
    name === 'tokenizer.chat_template' || name.startsWith('tokenizer.chat_template.') || /chat_template.*\.(?:jinja2?|j2)$/i.test(name)
  );
}

function isChatTemplate({ name, path }: FileSubject): boolean {
  return isChatName(name) || path.split('/').includes('additional_chat_templates');
}

function* inspectJson(subject: FileSubject, context: ScanContext): Observations {
  const { templates, duplicates, broken } = readTemplates(readAll(subject.source, context.budget));
  for (const key of duplicates) {
    yield { rule: 'jinja.duplicate-template', key, message: `The key ${key} occurs twice in one object` };
  }
  if (templates.length > 0) {
    context.fact(
      'templates',
      templates.slice(0, 20).map(({ name, text }) => ({ name, characters: text.length })),
    );
  }
  for (const { name, text } of templates) yield* inspectTemplate(text, { name, isChat: true, hasLines: false }, context);
  // Why only these: JSON Lines and logs mention templates too, and no loader reads templates from them.
  if (broken !== undefined && CONFIGURATIONS.has(subject.name)) throw broken;
}

interface TemplateInfo {
  readonly name: string;
  readonly isChat: boolean;
  /** Whether lines of the template are lines of the file. */
  readonly hasLines: boolean;
}

function* inspectTemplate(template: string, { name, isChat, hasLines }: TemplateInfo, context: ScanContext): Observations {
  const reports = analyse(template, context.budget, isChat).filter(
    ({ rule, key }) => isChat || (ANYWHERE.has(rule) && (rule !== 'jinja.file-reference' || isOutside(key))),
  );
  for (const { rule, key, message, offset, severity } of reports) {
    const before = template.slice(0, offset);
    const line = before.split('\n').length;
    const column = offset - before.lastIndexOf('\n');
    yield {
      rule,
      key: `${name}: ${key}`,
      message: hasLines ? message : `${message} (template ${name}, line ${line})`,
      ...(severity && { severity }),
      ...(hasLines && { at: { line, column } }),
      evidence: { template: name, excerpt: template.slice(Math.max(0, offset - 60), offset + 120) },
    };
  }
}

/** Prompt templates that are no chat templates include one another; only what leaves their folder is unusual. */
function isOutside(name: string): boolean {
  return name === 'a computed name' || /^(?:[\\/~]|\w:)|(?:^|[\\/])\.\.(?:[\\/]|$)|:\/\//.test(name);
}

/** True for a file of moderate size that has the key anywhere. Configurations are small; data sets are not read whole. */
function mentionsTemplate(source: ByteSource): boolean {
  if (source.size > MAX_OTHER_JSON) return false;
  for (let at = 0; at < source.size; at += WINDOW) {
    const bytes = source.read(at, WINDOW + TEMPLATE_KEY.length);
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(TEMPLATE_KEY)) return true;
  }
  return false;
}
