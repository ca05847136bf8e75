import { SaxesParser } from 'saxes';
import { type Budget, limitReached } from '../../core/budget.ts';
import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { detectEncoding, xmlDecoder } from './encoding.ts';

/** One element as it opens. */
export interface XmlElement {
  /** Name without its namespace prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** 1 for the root. */
  readonly depth: number;
  /** 1-based. */
  readonly line: number;
}

const CHUNK = 65_536;
/** Why 1,000: OpenVINO bodies and PMML segments nest a few dozen levels; every level costs memory until it closes. */
const MAX_DEPTH = 1_000;
/** Why 32 MiB: bytes without a single markup event are held by the tokenizer as one string. */
const MAX_SILENT_BYTES = 32 << 20;

/**
 * Reads the elements of a document in order. Entities are never defined or expanded: a reference to one of the document's
 * own is passed over, and {@link readDoctype} tells of its declaration.
 */
export function* readXmlElements(source: ByteSource, budget: Budget): Generator<XmlElement> {
  const { encoding, mark } = detectEncoding(source.read(0, 4096));
  const decoder = xmlDecoder(encoding);
  const queue: XmlElement[] = [];
  const parser = new SaxesParser({ xmlns: false, position: true });
  let depth = 0;
  let lastEvent = 0;
  let offset = mark as number;
  const event = (): void => {
    lastEvent = offset;
  };
  parser.on('opentag', (tag) => {
    event();
    if (++depth > MAX_DEPTH) throw malformed('elements are nested too deeply');
    queue.push({ name: localName(tag.name), attributes: tag.attributes, depth, line: parser.line });
  });
  parser.on('closetag', () => {
    event();
    depth--;
  });
  for (const name of ['text', 'cdata', 'comment', 'processinginstruction', 'doctype'] as const) parser.on(name, event);
  parser.on('error', (error) => {
    if (!error.message.includes('undefined entity')) throw malformed(`XML: ${error.message.slice(0, 200)}`);
  });
  while (offset < source.size) {
    budget.charge('steps', CHUNK);
    const bytes = source.read(offset, CHUNK);
    offset += bytes.length;
    parser.write(decoder.decode(bytes, { stream: true }));
    if (offset - lastEvent > MAX_SILENT_BYTES) throw limitReached('buffer', MAX_SILENT_BYTES);
    yield* queue.splice(0);
  }
  parser.write(decoder.decode());
  parser.close();
  yield* queue.splice(0);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
