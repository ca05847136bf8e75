import type { Budget } from '../../core/budget.ts';
import { malformed, truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { BLOCK, isZeroBlock, parseTarHeader, type TarHeader, text } from './header.ts';
import { parsePax } from './pax.ts';

/** Why 1 MiB: a name or a set of attributes is never as long, and is held in memory. */
const MAX_META = 1024 * 1024;
/** Types whose header is followed by no content, whatever size it states. */
const WITHOUT_CONTENT = '123456';

/** A member with long names and attributes applied. */
export interface TarEntry {
  readonly name: string;
  readonly type: string;
  readonly linkName: string;
  readonly offset: number;
  readonly dataStart: number;
  readonly size: number;
  readonly checksumFits: boolean;
  /** The content is stored with its holes left out. */
  readonly sparse: boolean;
}

/** What follows the last member. */
export interface TarEnd {
  readonly offset: number;
  /** How it ended: by the two zero blocks that belong there, by the end of the file, or by a block that is no header. */
  readonly by: 'mark' | 'end-of-file' | 'garbage' | 'cut-off';
}

/** Walks the members from the first header on; returns where and how it ended. */
export function* readTar(source: ByteSource, budget: Budget): Generator<TarEntry, TarEnd> {
  const walk: Walk = { source, globals: new Map(), attributes: new Map(), sparse: false };
  let at = 0;
  for (;;) {
    budget.charge('steps');
    const block = source.read(at, BLOCK).slice();
    if (block.length === 0) return { offset: at, by: 'end-of-file' };
    if (block.length < BLOCK) return { offset: at, by: 'cut-off' };
    if (isZeroBlock(block)) return { offset: at, by: 'mark' };
    const header = parseTarHeader(block);
    if (!header.checksumFits && (!header.ustar || Number.isNaN(header.size))) return { offset: at, by: 'garbage' };
    const size = contentSize(header, walk.attributes, at);
    const dataStart = at + BLOCK + extraBlocks(source, block, header, at + BLOCK);
    if (isMeta(header.type)) readMeta(walk, header.type, dataStart, size);
    else {
      yield entryOf(header, walk, at, dataStart, size);
      walk.attributes = new Map(walk.globals);
      walk.sparse = false;
    }
    at = dataStart + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** What meta headers said of the member to come. */
interface Walk {
  readonly source: ByteSource;
  /** For all members from here on. */
  readonly globals: Map<string, string>;
  /** For the next member only. */
  attributes: Map<string, string>;
  sparse: boolean;
}

function contentSize(header: TarHeader, attributes: ReadonlyMap<string, string>, at: number): number {
  if (!isMeta(header.type) && WITHOUT_CONTENT.includes(header.type)) return 0;
  const declared = isMeta(header.type) ? undefined : attributes.get('size');
  const size = declared === undefined ? header.size : Number(declared);
  if (!Number.isSafeInteger(size) || size < 0) throw malformed('tar member size', at);
  return size;
}

/** GNU long name (L), long link (K); pax attributes for the next member (x) and for all (g); Solaris' older kind (X). */
function isMeta(type: string): boolean {
  return 'LKxgX'.includes(type);
}

function readMeta(walk: Walk, type: string, start: number, size: number): void {
  if (size > MAX_META) throw malformed('tar name or attributes are too long', start);
  const bytes = walk.source.read(start, size).slice();
  if (bytes.length < size) throw truncated('tar attributes', start);
  if (type === 'L') walk.attributes.set('path', text(bytes, 0, size));
  else if (type === 'K') walk.attributes.set('linkpath', text(bytes, 0, size));
  else {
    for (const [key, value] of parsePax(bytes)) {
      walk.attributes.set(key, value);
      if (type === 'g') walk.globals.set(key, value);
    }
  }
  walk.sparse = [...walk.attributes.keys()].some((key) => key.startsWith('GNU.sparse.'));
}

/** GNU sparse headers (S) go on in further blocks while a flag says so. */
function extraBlocks(source: ByteSource, block: Uint8Array, header: TarHeader, start: number): number {
  if (header.type !== 'S' || block[482] === 0) return 0;
  let length = BLOCK;
  while (source.read(start + length - BLOCK, BLOCK)[504] === 1) length += BLOCK;
  return length;
}

function entryOf(header: TarHeader, { attributes, sparse }: Walk, offset: number, dataStart: number, size: number): TarEntry {
  return {
    name: attributes.get('GNU.sparse.name') ?? attributes.get('path') ?? header.name,
    type: header.type,
    linkName: attributes.get('linkpath') ?? header.linkName,
    offset,
    dataStart,
    size,
    checksumFits: header.checksumFits,
    sparse: sparse || header.type === 'S',
  };
}
