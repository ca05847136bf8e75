import { readAddress } from '../egress/address.ts';
import type { IntentRule } from '../../../core/tool-policy.ts';
import type { ArgumentNode } from '../values/argument-tree.ts';
import { mentionsOf, numberMentions } from './mention.ts';

/** What must be found in somebody's words for a value to count as named by them. */
export interface Name {
  /** Where the words stand in folded text that name the value. */
  mentions(text: string): number[];
}

/** What names the value of an argument; several for a list of recipients in one string; undefined for what can have no name. */
export function namesOf(node: ArgumentNode, match: IntentRule['match']): readonly Name[] | undefined {
  const { value } = node;
  if (typeof value === 'number') return [{ mentions: (text) => numberMentions(text, value) }];
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  if (match === 'name') return [fileName(value)];
  if (match === 'within') return [folderName(value)];
  return valuesIn(value).map((part) => (match === 'host' ? hostName(part) : whole(part)));
}

/** The addresses in a recipient list; any other text is one value. */
function valuesIn(value: string): readonly string[] {
  if (!/^[^:/]*@/.test(value)) return [value.trim()];
  return value
    .split(/[,;]/)
    .filter((part) => part.trim() !== '')
    .map((part) => /<([^<>]*)>\s*$/.exec(part)?.[1] ?? part.trim());
}

function whole(value: string): Name {
  const number = /^\d{1,15}(?:\.\d{1,6})?$/.test(value) ? Number(value) : undefined;
  // Why only the safe scheme: it is what a site written without one means.
  const written = /^https:\/\/[^/]*\/?/.test(value) ? [value, value.slice('https://'.length)] : [value];
  return {
    mentions: (text) => {
      const found = written.flatMap((form) => mentionsOf(text, form));
      return found.length > 0 || number === undefined ? found : numberMentions(text, number);
    },
  };
}

/** A site is named by its host, with www or without. */
export function hostName(value: string): Name {
  const address = readAddress(value);
  if (address.kind === 'bad') return { mentions: () => [] };
  const { host } = address;
  const short = host.replace(/^www\./, '');
  return { mentions: (text) => [...mentionsOf(text, host, true), ...(short === host ? [] : mentionsOf(text, short, true))] };
}

/** A file is named by its name alone or by as much of its path as the user wrote: `lexer.ts`, `parser/lexer.ts`. */
function fileName(value: string): Name {
  const parts = value.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  const endings = parts.map((_, index) => parts.slice(index).join('/')).slice(-64);
  return {
    mentions: (text) =>
      endings.flatMap((ending) => [...mentionsOf(text, ending), ...mentionsOf(text, `/${ending}`), ...mentionsOf(text, `./${ending}`)]),
  };
}

/** A file is named by its folder where the folder is written as a path: `src/parser`, `src/`; a bare word such as `test` names none. */
function folderName(value: string): Name {
  const parts = value.split('/').filter((part) => part !== '' && part !== '.');
  const folders = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'));
  const written = folders.flatMap((folder) => (folder.includes('/') ? [folder, `${folder}/`] : [`${folder}/`])).slice(0, 64);
  return { mentions: (text) => written.flatMap((folder) => [...mentionsOf(text, folder), ...mentionsOf(text, `/${folder}`)]) };
}
