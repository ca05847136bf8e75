import { isCollection, isMap, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { closestWord } from './closest-word.ts';
import { knownKeys } from './known-keys.ts';

/** Why: `yaml` parses about 3 MB/s; a file that people write by hand is far smaller. */
const MAX_CHARACTERS = 2_000_000;
/** Why: aliases of aliases grow exponentially ("billion laughs", CWE-776); a shared condition needs a few. */
const MAX_ALIASES = 100;
const MAX_PROBLEMS = 20;

interface Problem {
  readonly offset: number;
  readonly message: string;
}

/** Reads YAML 1.2 (so JSON too) strictly by a schema; every problem is told with line, column and what was probably meant. */
export function readYaml<Schema extends z.ZodType>(text: string, path: string, schema: Schema): z.output<Schema> {
  if (text.length > MAX_CHARACTERS) throw invalid(`${path}: larger than ${MAX_CHARACTERS} characters`);
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true, stringKeys: true, lineCounter: lines });
  // Why warnings too: an unknown tag such as !!python/object is only a warning, and never what somebody wants.
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) {
    throw report(
      path,
      lines,
      syntax.map((error) => ({ offset: error.pos[0], message: firstLine(error.message) })),
    );
  }
  const parsed = schema.safeParse(plainValue(document, path));
  if (parsed.success) return parsed.data;
  throw report(
    path,
    lines,
    parsed.error.issues.flatMap((issue) => describe(issue, document, schema)),
  );
}

function plainValue(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  } catch (error) {
    throw invalid(`${path}: ${errorMessage(error)}`, error);
  }
}

function describe(issue: z.core.$ZodIssue, document: Document, schema: z.ZodType): Problem[] {
  const where = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((key) => {
      const meant = closestWord(key, known);
      const hint = meant === undefined ? `known keys: ${known.join(', ')}` : `did you mean ${JSON.stringify(meant)}?`;
      return {
        offset: keyOffset(document, [...issue.path, key]),
        message: `unknown key ${JSON.stringify(key)}${where && ` in ${where}`}; ${hint}`,
      };
    });
  }
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const offset = issue.code === 'invalid_key' ? keyOffset(document, issue.path) : valueOffset(document, issue.path);
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return [{ offset, message: `${where || 'document'}: ${isMissing ? 'is missing' : lowerFirst(message)}` }];
}

/** Offset of the value at a path, or of what encloses it when it is absent. */
function valueOffset(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const offset = (node as Node | null | undefined)?.range?.[0];
    if (offset !== undefined) return offset;
  }
  return 0;
}

function keyOffset(document: Document, path: readonly PropertyKey[]): number {
  const parentPath = path.slice(0, -1);
  const parent = parentPath.length === 0 ? document.contents : document.getIn(parentPath, true);
  if (isCollection(parent) && isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(path.at(-1)));
    if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0];
  }
  return valueOffset(document, path);
}

function report(path: string, lines: LineCounter, problems: readonly Problem[]): CordonError {
  const told = problems.slice(0, MAX_PROBLEMS).map(({ offset, message }) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}: ${message}`;
  });
  if (problems.length > MAX_PROBLEMS) told.push(`${path}: and ${problems.length - MAX_PROBLEMS} more`);
  return invalid(told.join('\n'));
}

function invalid(message: string, cause?: unknown): CordonError {
  return new CordonError('config.invalid', message, cause === undefined ? undefined : { cause });
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
