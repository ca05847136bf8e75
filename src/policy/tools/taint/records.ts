import type { RecordRule } from '../../../core/tool-policy.ts';
import { isTrustedKey } from '../tool-name.ts';
import { type ArgumentNode, argumentTree } from '../values/argument-tree.ts';
import { parseJsonStrictly } from '../values/parse-json.ts';
import { descendants, select } from '../values/select.ts';
import { fold, mentionsOf } from './mention.ts';
import { SESSION_LIMITS, type ToolSession } from './session.ts';
import type { Name } from './value-names.ts';

type Stored = ToolSession['records'][number];

/** Remembers the records of a result: of each its ids and the names that people call it by. Texts inside it are not looked at. */
export function addRecords(session: ToolSession, rules: readonly RecordRule[], key: string, asked: readonly string[], text: string): void {
  const wanted = rules.filter(({ tool }) => isTrustedKey(typeof tool === 'string' ? [tool] : tool, key));
  if (wanted.length === 0) return;
  const parsed = parseJsonStrictly(text);
  const tree = 'problem' in parsed ? parsed : argumentTree(parsed.value);
  if ('problem' in tree) return;
  // Why: JSON inside a text was written by whoever wrote the text.
  const forged = new Set(tree.nodes.filter(({ kind }) => kind === 'string').flatMap((node) => descendants(node).slice(1)));
  const fields = (paths: readonly string[]): ArgumentNode[] =>
    paths
      .flatMap((path) => select(tree.root, path))
      .filter((node) => !forged.has(node) && (node.kind === 'string' || node.kind === 'number'));
  for (const { kind: type, ids, names } of wanted) {
    const records = new Map<string, { kind: string; ids: string[]; names: string[] }>();
    for (const [kind, nodes] of [['ids', fields(ids)] as const, ['names', fields(names)] as const]) {
      for (const { path, value } of nodes) {
        const record = records.get(recordOf(path)) ?? { kind: type, ids: [], names: [] };
        if (record[kind].length < 20) record[kind].push(fold(String(value)).slice(0, 1_000));
        records.set(recordOf(path), record);
      }
    }
    const whole = [...records.values()].filter((record) => record.ids.length > 0 && record.names.length > 0);
    session.records.push(...whole.map((record) => (whole.length === 1 ? { ...record, asked: [...asked] } : record)));
  }
  session.records.splice(0, Math.max(0, session.records.length - SESSION_LIMITS.records));
}

/** The place of the list entry that a field belongs to. */
function recordOf(path: string): string {
  return /^.*\[\d+\]/.exec(path)?.[0] ?? '$';
}

/**
 * Whether a value is the id of what the user named. Why only of one: where two different things go by the name, somebody else may have
 * made the second to be taken for the first.
 */
export function isRecordNamed(value: Name, records: readonly Stored[], byUser: (name: Name) => boolean): boolean {
  const closeness = records.map((record) => Math.max(...record.names.map((name) => closenessOf(name, byUser))));
  const best = Math.max(0, ...closeness);
  const meant = best === 0 ? records.filter((record) => isSearchedFor(record, byUser)) : records.filter((_, at) => closeness[at] === best);
  if (new Set(meant.map(({ names }) => names.join('\n'))).size > 1) return false;
  return meant.some(({ ids }) => ids.some((id) => value.mentions(id).length > 0));
}

/** Whether the record is all that a search for words of the user found, and is called by one of them. */
function isSearchedFor({ asked = [], names }: Stored, byUser: (name: Name) => boolean): boolean {
  const words = asked.flatMap((text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? []);
  const isCalled = words.some((word) => word.length > 2 && names.some((name) => mentionsOf(name, word).length > 0));
  return isCalled && words.every((word) => byUser({ mentions: (turn) => mentionsOf(turn, word) }));
}

const SMALL: ReadonlySet<string> = new Set(
  'the and for you your our from with new are was has not this that one two all any re fwd'.split(' '),
);

/** 2: the user wrote the name or an address in it; 1: at least half of its words; 0: neither. */
function closenessOf(name: string, byUser: (name: Name) => boolean): 0 | 1 | 2 {
  const says = (words: string): boolean => byUser({ mentions: (turn) => mentionsOf(turn, words) });
  if (says(name) || (name.match(/[^\s<>"',;]+@[^\s<>"',;]+/g) ?? []).some(says)) return 2;
  const words = (name.replaceAll(/<[^>]*>|\S+@\S+/g, ' ').match(/[\p{L}\p{N}]{3,}/gu) ?? [])
    .filter((word) => !SMALL.has(word))
    .slice(0, 20);
  const said = words.filter(says).length;
  return said > 0 && said * 2 >= words.length ? 1 : 0;
}
