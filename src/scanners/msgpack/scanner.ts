import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { hasBytes } from '../../formats/bytes/read.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { type MsgpackLeaf, walkMsgpack } from '../../formats/msgpack/walk.ts';
import { MSGPACK_RULES } from './rules.ts';

type MsgpackObservation = Observation<(typeof MSGPACK_RULES)[number]['id']>;

/** Flax: 1 array, 2 complex number, 3 array scalar. MessagePack itself: -1 time stamp. */
const KNOWN_EXTENSIONS: ReadonlySet<number> = new Set([1, 2, 3, -1]);

/** Beginnings of streams that a loader may decode; anything else in a leaf is numbers or text. */
const STREAMS: readonly string[] = [
  'PK\x03\x04',
  '\x7fELF',
  'MZ',
  '\x1f\x8b\x08',
  'BZh',
  '\xfd7zXZ',
  '7z\xbc\xaf',
  '\x93NUMPY',
  '\x04"M\x18',
];

/** Walks MessagePack checkpoints (Flax): extension types and streams among the binary leaves. */
export const msgpackScanner = fileScanner({
  id: 'msgpack',
  title: 'MessagePack checkpoints',
  rules: MSGPACK_RULES,
  accepts: (subject) => subject.format === 'msgpack',
  *inspect({ source }, context) {
    const unknown = new Set<number>();
    let arrays = 0;
    for (const leaf of walkMsgpack(source, () => context.budget.charge('steps'))) {
      if (leaf.kind === 'ext' && leaf.type === 1) arrays++;
      if (leaf.kind === 'ext' && !KNOWN_EXTENSIONS.has(leaf.type)) unknown.add(leaf.type);
      yield* inspectLeaf(leaf, source, context);
    }
    for (const type of [...unknown].slice(0, 100)) {
      yield {
        rule: 'msgpack.unknown-extension',
        key: `ext ${type}`,
        message: `Extension type ${type} is none that Flax or MessagePack define.`,
      };
    }
    context.fact('tensors', { count: arrays });
  },
});

function* inspectLeaf(leaf: MsgpackLeaf, source: ByteSource, context: ScanContext): Iterable<MsgpackObservation> {
  const start = source.read(leaf.offset, 16).slice();
  // Why: a Flax value is a tuple of shape, type name and bytes (or of two numbers), and those bytes are numbers.
  if (leaf.kind === 'ext' && KNOWN_EXTENSIONS.has(leaf.type) && (start[0] === 0x93 || start[0] === 0x92 || leaf.length <= 12)) return;
  const pickled = isPickle(start, source, leaf);
  if (!pickled && !STREAMS.some((magic) => hasBytes(start, magic))) return;
  if (pickled) {
    yield {
      rule: 'msgpack.pickled-leaf',
      key: leaf.path,
      message: `The value of “${leaf.path}” is a pickle.`,
      at: { offset: leaf.offset },
    };
  }
  context.descend({ name: leaf.path, source: sliceSource(source, leaf.offset, leaf.length) });
}

/** Begins as a pickle does, of any protocol, and ends with STOP. */
function isPickle(start: Uint8Array, source: ByteSource, { offset, length }: MsgpackLeaf): boolean {
  if (length < 4 || source.read(offset + length - 1, 1)[0] !== 0x2e) return false;
  const [first = 0, second = 0] = start;
  return (
    (first === 0x80 && second <= 5) ||
    (first === 0x63 && start.includes(0x0a)) ||
    (first === 0x28 && '(cildSVIK'.includes(String.fromCharCode(second)))
  );
}
