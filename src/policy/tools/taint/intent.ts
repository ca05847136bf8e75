import type { IntentRule } from '../../../core/tool-policy.ts';
import type { ArgumentNode } from '../values/argument-tree.ts';
import { selectLeaves } from '../values/select.ts';
import { fold, mentionsOf } from './mention.ts';
import type { ToolSession } from './session.ts';
import { isLinked } from './links.ts';
import { isRecordNamed } from './records.ts';
import { type Name, namesOf } from './value-names.ts';

const MAX_VALUES = 200;

/** Why an intent rule does not cover a call; undefined when it does. Judged by trusted words only, so more untrusted text changes nothing. */
export function intentProblem(rule: IntentRule, use: string, root: ArgumentNode, session: ToolSession): string | undefined {
  if (rule.uses !== undefined && (session.uses[use] ?? 0) >= rule.uses)
    return `${rule.id}: was used up by ${rule.uses} calls since the last user turn`;
  const named = rule.values
    .flatMap((place) => selectLeaves(root, place))
    .flatMap((node) => {
      if (node.children.length > 0 && typeof node.value === 'string') return [];
      const names = namesOf(node, rule.match);
      return names === undefined ? [] : names.map((name) => ({ path: node.path, name, value: node.value }));
    });
  if (named.length === 0) return `${rule.id}: no value at ${rule.values.join(', ')}`;
  if (named.length > MAX_VALUES) return `${rule.id}: more than ${MAX_VALUES} values`;
  const turns = session.turns.slice(-rule.turns);
  const foreign = named.find(({ name, value }) => !isNamed(name, value, rule, turns, session));
  return foreign === undefined ? undefined : `${rule.id}: the value of ${foreign.path} was not named by ${rule.origin.join(', ')}`;
}

function isNamed(name: Name, value: ArgumentNode['value'], rule: IntentRule, turns: readonly string[], session: ToolSession): boolean {
  const byUser = (candidate: Name): boolean => turns.some((turn) => turnNames(candidate, rule, turn));
  return rule.origin.some((origin) => {
    if (origin === 'user') return byUser(name);
    if (origin === 'record') return isRecordNamed(name, recordsOf(rule, session), byUser);
    if (origin === 'linked') return typeof value === 'string' && isLinked(value, session.untrusted, byUser);
    if (origin === 'operator')
      return [...session.operator, ...session.lookups.map(({ text }) => text)].some((text) => name.mentions(text).length > 0);
    return session.lookups.some(
      ({ asked, text }) =>
        name.mentions(text).length > 0 && asked.length > 0 && asked.every((word) => byUser({ mentions: (turn) => mentionsOf(turn, word) })),
    );
  });
}

function recordsOf({ kinds }: IntentRule, { records }: ToolSession): ToolSession['records'] {
  return kinds === undefined ? records : records.filter(({ kind }) => kinds.includes(kind));
}

function turnNames(name: Name, rule: IntentRule, turn: string): boolean {
  const mentions = name.mentions(turn);
  if (mentions.length === 0) return false;
  if (rule.said !== undefined && !rule.said.some((word) => mentionsOf(turn, fold(word)).length > 0)) return false;
  if (rule.unless?.some((word) => mentionsOf(turn, fold(word)).length > 0) === true) return false;
  const { after, target } = rule;
  const wanted = new Set((after ?? []).map((word) => fold(word)));
  return mentions.some((at) => (after === undefined || standsAfter(turn, at, wanted)) && !(target && isTalkedAbout(turn, at)));
}

/** Words and signs that lists are written with, and what looks like another value of the list. */
const LIST_PIECE = /^(?:and|or|und|oder|et|ou|y|e|&|\+|https?)$|[@/]|\d/;
const CONJUNCTION = /^(?:and|or|but|then|und|oder|aber|dann|et|ou|mais|puis|y|e|o|pero)$/;
/** How many words may stand between, as in `to my friend Eva Lang <eva@x.example>`. */
const MAX_BETWEEN = 4;
/** Words that turn what follows into something the user talks about, not something to send to. */
const TURNS_AWAY: ReadonlySet<string> = new Set(
  `from by of about regarding concerning on in at that this which who whom whose whether if unless not never except without than via than
  against mentioning containing named called says said wrote asks asked wants
  von vom über aus bei dass ob ohne nicht nie außer wegen sagt schrieb will de du des par sur sans pas que qui del da di sobre sin no`
    .trim()
    .split(/\s+/),
);

/** Words that lead to where something goes, whatever was talked about before them. */
const LEADS_TO: ReadonlySet<string> = new Set('to for with cc bcc an für mit à pour avec para con per'.split(' '));
/** What stands after a person who did something. */
const SPEAKS =
  /^[^\s]*\s+(?:wrote|writes|has(?! to\b)|had(?! to\b)|sent|sends|says|said|asks|asked|wants|keeps|claims|mailed|is(?! to\b)|was|schrieb|schreibt|hat|sagt|fragt|will|ist)\b/u;

/** Whether one of the words leads to a place: directly before it, the other values of a list and few plain words aside. */
function standsAfter(text: string, at: number, wanted: ReadonlySet<string>): boolean {
  for (const word of wordsBefore(text, at)) {
    if (wanted.has(word)) return true;
    if (TURNS_AWAY.has(word)) return false;
  }
  return false;
}

/** Whether the user talks about the value and does not give it: `the mail from a@x.example`, `a@x.example wrote`. */
function isTalkedAbout(text: string, at: number): boolean {
  if (SPEAKS.test(text.slice(at, at + 400))) return true;
  for (const word of wordsBefore(text, at)) {
    if (LEADS_TO.has(word)) return false;
    if (TURNS_AWAY.has(word)) return true;
  }
  return false;
}

/** The last words of the clause before a place, nearest first, the other values of a list left out. */
function wordsBefore(text: string, at: number): string[] {
  const sentence =
    text
      .slice(Math.max(0, at - 2_000), at)
      .split(/[.!?](?=\s)|[\n;]/)
      .at(-1) ?? '';
  const words: string[] = [];
  for (const piece of sentence.split(/[\s,"'“”„«»‹›<>()[\]:*`]+/).toReversed()) {
    // Why: in `read the mail from Jo and tell Bob` another clause begins, in `to Jo and Bob` none does.
    if (words.length > MAX_BETWEEN || (words.length > 0 && CONJUNCTION.test(piece))) break;
    if (piece !== '' && !LIST_PIECE.test(piece)) words.push(piece);
  }
  return words;
}
