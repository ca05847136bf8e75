import { CordonError } from '../../core/errors.ts';
import type { Streamed } from '../../engine/gateway/upstreams/upstreams.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { utf16Of } from '../places/readable-bytes.ts';

/** How the text of a file is written. */
export interface FileEncoding {
  readonly name: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** Whether all of it is text. Otherwise nobody can say what its other bytes are: another text cannot be put in its place. */
  readonly isExact: boolean;
}

/** How formats begin that nobody reads as text: pictures, recordings, PDF, archives (and with them office documents). */
const FORMATS: readonly Buffer[] = [
  '89504e470d0a1a0a',
  'ffd8ff',
  '474946383761',
  '474946383961',
  '255044462d',
  '504b0304',
  '1f8b08',
  '52494646',
  '4f676753',
  '664c6143',
  '494433',
  '1a45dfa3',
  'd0cf11e0a1b11ae1',
  '49492a00',
  '4d4d002a',
].map((letters) => Buffer.from(letters, 'hex'));
/** How files of such formats are called. */
const OTHER_NAMES =
  /^(?:png|jpe?g|gif|webp|bmp|tiff?|heic|avif|ico|pdf|zip|gz|tgz|docx?|dotx|pptx?|xlsx?|xlsm|od[tsp]|epub|mp[34]|mpe?g|mpga|m4[av]|wav|og[gav]|opus|flac|aac|webm|mkv|mov|avi|parquet|bin)$/;
/** Types of texts: whoever is told of one reads it as such. */
const TEXT_TYPE = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|x-ndjson|jsonl|yaml|x-yaml|javascript|typescript|x-sh)\b)/i;
/** Where the type of a film or recording stands, and how it begins. */
const FILM = { at: 4, type: 'ftyp' } as const;
const HEAD_BYTES = 1_024;

/** What is said about a file. */
export interface FileCalled {
  readonly filename?: string | undefined;
  readonly type?: string | undefined;
}

/**
 * How the text of a file is to be read; undefined: it has a format that is none, and is not called a text. Why a byte that is no text does
 * not make it one: whoever reads such a file leaves the byte out, and reads the rest. Why the name, too: providers go by it, and what is
 * called a text is read as one, whatever it begins with.
 */
export async function fileEncoding(file: Streamed, called: FileCalled = {}): Promise<FileEncoding | undefined> {
  if (await isUtf8Text(file)) return { name: 'utf-8', isExact: true };
  const head = await headOf(file);
  if (isOtherFormat(head) && !isCalledText(called)) return undefined;
  const wide = utf16Of(head);
  if (wide === undefined) return { name: 'utf-8', isExact: false };
  // Why the mark: without it, it is a guess.
  return { name: wide === 'utf16le' ? 'utf-16le' : 'utf-16be', isExact: hasMark(head) && file.length % 2 === 0 };
}

/** Throws `gateway.refused` where nothing may pass that nobody here can read. */
export function requireReadable({ policy }: Exchange): void {
  if (policy.config.guard.unreadable === 'refuse')
    throw new CordonError('gateway.refused', 'Images, audio and files are refused by policy.');
}

/** A text in the encoding of a file. */
export function encoded(text: string, { name }: FileEncoding): Buffer {
  if (name === 'utf-8') return Buffer.from(text);
  const bytes = Buffer.from(text, 'utf16le');
  return name === 'utf-16be' ? bytes.swap16() : bytes;
}

/** UTF-8 without NUL. */
async function isUtf8Text(file: Streamed): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of file.open()) {
      if (chunk.includes(0)) return false;
      decoder.decode(chunk, { stream: true });
    }
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

async function headOf(file: Streamed): Promise<Buffer> {
  for await (const chunk of file.open()) return chunk.subarray(0, HEAD_BYTES);
  return Buffer.alloc(0);
}

function hasMark(head: Buffer): boolean {
  const mark = head.toString('hex', 0, 2);
  return mark === 'fffe' || mark === 'feff';
}

function isCalledText({ filename = '', type = '' }: FileCalled): boolean {
  const extension = /\.([^.]*)$/.exec(filename.toLowerCase().replace(/[\s.]+$/, ''))?.[1];
  return TEXT_TYPE.test(type) || (extension !== undefined && !OTHER_NAMES.test(extension));
}

function isOtherFormat(head: Buffer): boolean {
  if (head.toString('latin1', FILM.at, FILM.at + FILM.type.length) === FILM.type) return true;
  return FORMATS.some((start) => head.subarray(0, start.length).equals(start));
}
