import type { Format } from '../../core/format.ts';
import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { FileSubject } from '../../core/subject.ts';
import { hasBytes, utf8 } from '../../formats/bytes/read.ts';
import { errorPage } from './error-page.ts';
import { type FormatPromise, promiseOf } from './promises.ts';
import { NAME_RULES } from './rules.ts';

type NameRuleId = (typeof NAME_RULES)[number]['id'];

const TEXT_FORMATS: ReadonlySet<Format> = new Set(['text', 'json', 'yaml', 'python', 'jinja', 'xml']);
/** Formats in which nobody keeps a model: under a model's name they are a mistake or a trick. */
const NEVER_A_MODEL: ReadonlySet<Format> = new Set(['image', 'pdf', 'media', 'text', 'yaml', 'python', 'jinja']);
/** Archives that loaders search for pickles. */
const CODE_CONTAINERS: ReadonlySet<Format> = new Set(['zip']);
const CONTAINERS: ReadonlySet<Format> = new Set(['tar', '7z', 'rar', 'archive', 'gzip', 'zlib', 'bzip2', 'xz', 'lzma', 'lz4', 'zstd']);

/** Compares what the name promises with what the content is; judges a mismatch by the danger of the content. */
export const nameScanner = fileScanner({
  id: 'name',
  title: 'File names that do not match the content',
  rules: NAME_RULES,
  accepts: (subject) => !subject.opaque && subject.format !== 'lfs-pointer' && promiseOf(subject.name) !== undefined,
  *inspect(subject, context) {
    const promise = promiseOf(subject.name);
    if (promise === undefined) return;
    const found = judge(subject, promise, context);
    if (found) yield found;
  },
});

function judge(subject: FileSubject, promise: FormatPromise, context: ScanContext): Observation<NameRuleId> | undefined {
  const { format } = subject;
  if (format === 'empty') return promise.model && promise.carries !== 'any' ? emptyModel() : undefined;
  const page = promise.model && TEXT_FORMATS.has(format) ? errorPage(utf8(subject.head), subject.source.size) : undefined;
  if (page !== undefined) return downloadedPage(page, subject, context);
  if (promise.formats.includes(format)) return undefined;
  if (isCode(subject, promise)) return disguised(subject);
  if (promise.carries === 'any') return undefined;
  if (format === 'unknown') return promise.model ? unrecognised(subject, context) : undefined;
  if (promise.carries === 'code') return NEVER_A_MODEL.has(format) ? mismatch(subject, promise) : undefined;
  return CONTAINERS.has(format) || CODE_CONTAINERS.has(format) || (promise.model && NEVER_A_MODEL.has(format))
    ? mismatch(subject, promise)
    : misnomer(subject, promise);
}

function isCode({ format, head }: FileSubject, promise: FormatPromise): boolean {
  if (format === 'executable') return promise.carries !== 'any';
  if (promise.carries !== 'data') return false;
  if (format === 'pickle') return true;
  if (CODE_CONTAINERS.has(format)) return promise.model || promise.formats.includes('image');
  return hasBytes(head, '#!') && !promise.formats.includes('text');
}

function disguised({ format, name }: FileSubject): Observation<NameRuleId> {
  const what: Partial<Record<Format, string>> = {
    pickle: 'a pickle, which executes code when it is loaded',
    zip: 'a zip archive, in which loaders look for pickles',
    executable: 'a program',
  };
  return {
    rule: 'name.disguised-code',
    key: format,
    message: `“${extension(name)}” promises plain data, but the content is ${what[format] ?? 'a script'}.`,
  };
}

function mismatch({ format, name }: FileSubject, promise: FormatPromise): Observation<NameRuleId> {
  return {
    rule: 'name.mismatch',
    key: format,
    message: `“${extension(name)}” promises ${promise.formats[0]}, but the content is ${format}.`,
  };
}

function misnomer({ format, name }: FileSubject, promise: FormatPromise): Observation<NameRuleId> {
  return {
    rule: 'name.misnomer',
    key: format,
    message: `“${extension(name)}” promises ${promise.formats[0]}; the content is ${format}.`,
  };
}

function unrecognised({ name }: FileSubject, context: ScanContext): Observation<NameRuleId> {
  context.inconclusive('content not recognised');
  return {
    rule: 'name.unrecognised',
    key: extension(name),
    message: `“${extension(name)}” names a model, but the content is in no format that Cordon knows.`,
  };
}

function downloadedPage(page: string, { name }: FileSubject, context: ScanContext): Observation<NameRuleId> {
  context.notScanned('the content is an error page');
  return { rule: 'name.error-page', key: page, message: `“${extension(name)}” names a model, but the content is ${page}.` };
}

function emptyModel(): Observation<NameRuleId> {
  return { rule: 'name.empty', key: 'empty', message: 'The file has 0 bytes: there is no model in it.' };
}

function extension(name: string): string {
  return name.slice(name.lastIndexOf('.')).toLowerCase();
}
