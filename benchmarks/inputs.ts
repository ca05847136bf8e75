import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { bytes, op, proto, text, u64 } from '../test/pickle-assembler.ts';

const GIB = 1024 ** 3;

/** Writes the speed inputs into a folder. Large payloads are random, so that nothing profits from zeros. */
export function makeInputs(folder: string): void {
  mkdirSync(folder, { recursive: true });
  rawPickle(join(folder, 'raw-1gib.pkl'));
  safetensors(join(folder, 'weights-1gib.safetensors'));
  torchZip(join(folder, 'torch-1gib.pt'));
  densePickle(join(folder, 'dense.pkl'), 900_000);
  mkdirSync(join(folder, 'small'), { recursive: true });
  for (let i = 0; i < 2000; i++) densePickle(join(folder, 'small', `model-${i}.pkl`), 40);
}

function rawPickle(file: string): void {
  write(file, (append) => {
    append(bytes(proto(4), op.emptyDict, op.mark, text('weights'), '\x8e', u64(BigInt(GIB))));
    append(GIB);
    append(bytes(op.setItems, op.stop));
  });
}

function safetensors(file: string): void {
  const header = JSON.stringify({ __metadata__: { format: 'pt' }, weight: { dtype: 'F32', shape: [GIB / 4], data_offsets: [0, GIB] } });
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  write(file, (append) => {
    append(u64(BigInt(padded.length)));
    append(Buffer.from(padded));
    append(GIB);
  });
}

/** A zip as torch writes it: data.pkl, 64 storages of 16 MiB stored and aligned, byteorder, version. CRCs are left 0 for storages. */
function torchZip(file: string): void {
  const storages = 64;
  const size = GIB / storages;
  const tensor = (index: number): Uint8Array =>
    bytes(
      text(`layer${index}.weight`),
      'ctorch._utils\n_rebuild_tensor_v2\n(((',
      [
        text('storage'),
        'ctorch\nFloatStorage\n',
        text(String(index)),
        text('cpu'),
        'J',
        new Uint8Array(new Uint32Array([size / 4]).buffer),
      ],
      'tQK\x00J',
      new Uint8Array(new Uint32Array([size / 4]).buffer),
      '\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR',
    );
  const pickle = bytes(
    proto(2),
    op.emptyDict,
    op.mark,
    Array.from({ length: storages }, (_, index) => tensor(index)).map((part) =>
      bytes(Buffer.from(part).toString('latin1').replace('(((', '((')),
    ),
    op.setItems,
    op.stop,
  );
  write(file, (append, offset) => {
    const central: Uint8Array[] = [];
    const member = (name: string, content: Uint8Array | number): void => {
      const length = typeof content === 'number' ? content : content.length;
      const fixed = Buffer.alloc(26);
      fixed.writeUInt16LE(20, 0);
      fixed.writeUInt16LE(0x21, 8);
      fixed.writeUInt32LE(length, 14);
      fixed.writeUInt32LE(length, 18);
      fixed.writeUInt16LE(name.length, 22);
      const tail = Buffer.alloc(14);
      tail.writeUInt32LE(offset(), 10);
      central.push(bytes('PK\x01\x02\x14\x00', fixed, tail, name));
      append(bytes('PK\x03\x04', fixed, name));
      append(content);
    };
    member('archive/data.pkl', pickle);
    member('archive/byteorder', Buffer.from('little'));
    for (let index = 0; index < storages; index++) member(`archive/data/${index}`, size);
    member('archive/version', Buffer.from('3\n'));
    const start = offset();
    const directory = bytes(...central);
    append(directory);
    const end = Buffer.alloc(18);
    end.writeUInt16LE(central.length, 4);
    end.writeUInt16LE(central.length, 6);
    end.writeUInt32LE(directory.length, 8);
    end.writeUInt32LE(start, 12);
    append(bytes('PK\x05\x06', end));
  });
}

/** A list of small records: many opcodes, short strings, memo entries. */
function densePickle(file: string, records: number): void {
  write(file, (append) => {
    append(bytes(proto(4), op.emptyList, op.memoize));
    for (let start = 0; start < records; start += 1000) {
      const batch = Array.from({ length: Math.min(1000, records - start) }, (_, index) => [
        op.emptyDict,
        op.memoize,
        op.mark,
        text('id'),
        op.memoize,
        `J${String.fromCharCode(index & 127, index >> 7, 0, 0)}`,
        text('name'),
        op.memoize,
        text(`user${start + index}`),
        op.memoize,
        text('tags'),
        op.emptyList,
        op.memoize,
        op.mark,
        text('a'),
        text('b'),
        op.appends,
        op.setItems,
      ]);
      append(bytes(op.mark, batch, op.appends));
    }
    append(bytes(op.stop));
  });
}

/** Writes a file piece by piece; a number stands for that many random bytes. */
function write(file: string, fill: (append: (piece: Uint8Array | number) => void, offset: () => number) => void): void {
  const descriptor = openSync(file, 'w');
  const noise = Uint8Array.from({ length: 1 << 20 }, (_, index) => Math.imul(index + 1, 0x9e3779b1) >>> 24);
  let offset = 0;
  fill(
    (piece) => {
      if (typeof piece === 'number') {
        for (let left = piece; left > 0; left -= noise.length) writeSync(descriptor, noise, 0, Math.min(left, noise.length));
        offset += piece;
      } else {
        writeSync(descriptor, piece);
        offset += piece.length;
      }
    },
    () => offset,
  );
  ftruncateSync(descriptor, offset);
  closeSync(descriptor);
}

/** Writes an empty marker so that inputs are made once. */
export function markMade(folder: string): void {
  writeFileSync(join(folder, 'made'), '');
}
