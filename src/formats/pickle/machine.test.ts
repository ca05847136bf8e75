import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, call, global, longBytes, op, pickle, proto, runsId, stackGlobal, text } from '../../../test/pickle-assembler.ts';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import type { PickleListener } from './events.ts';
import { findStream } from './find-stream.ts';
import { PickleMachine } from './machine.ts';
import { Memo } from './memo.ts';
import { readStream } from './stream.ts';
import { qualifiedName } from './values.ts';
import { Window } from './window.ts';

interface Golden {
  readonly name: string;
  readonly pickle: string;
  readonly offsets: readonly number[];
  readonly globals: readonly string[];
}
const golden = JSON.parse(readFileSync(new URL('golden/golden.json', import.meta.url), 'utf8')) as Golden[];

function silent(imports: string[] = []): PickleListener {
  return {
    import: (imported) => void imports.push(qualifiedName(imported)),
    call: () => undefined,
    heeds: () => true,
    build: () => undefined,
    write: () => undefined,
    computedName: () => undefined,
    extension: () => undefined,
    persistent: () => undefined,
    bytes: () => undefined,
    text: () => undefined,
    oddity: () => undefined,
  };
}

const budget = (): Budget => new Budget(Limits.parse({ timeMs: 10_000 }));

/** Offsets of all opcodes: a run of one opcode more each time ends where the next begins. */
function boundaries(content: Uint8Array): number[] {
  const machine = new PickleMachine(new Window(bufferSource(content)), silent(), budget(), new Memo(new Set()));
  const offsets: number[] = [];
  for (let steps = 1; ; steps++) {
    const ended = machine.run(steps) !== undefined;
    offsets.push(machine.opcodeOffset);
    if (ended) return offsets;
  }
}

describe('agrees with pickletools on', () => {
  test.each(golden.map((item) => [item.name, item] as const))('%s', (_name, item) => {
    const content = new Uint8Array(Buffer.from(item.pickle, 'hex'));
    expect(boundaries(content)).toEqual(item.offsets);
  });
});

/** Reads whatever is there; anything but an outcome or a CordonError fails the test. */
function reads(content: Uint8Array): void {
  const source = bufferSource(content);
  try {
    readStream(source, 0, { main: () => silent(), shadow: () => silent() }, budget());
    findStream(source, 0, content.length, budget(), true);
  } catch (error) {
    expect(error).toBeInstanceOf(CordonError);
  }
}

/** Bytes that are mostly opcodes, so that runs go deep. */
const opcodes = fc
  .array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.constantFrom(
          ...'(012NIJKLM.RSTUVX]ade}ghijlopqrstu)\x81\x82\x85\x86\x87\x88\x8a\x8c\x8f\x90\x91\x92\x93\x94\x95\x96bcCBQP',
        ),
      },
      { weight: 2, arbitrary: fc.constantFrom('\x00', '\x01', '\x05', '\n', 'os\nsystem\n', 'builtins\ngetattr\n', "'a'\n", '1\n') },
    ),
    { maxLength: 200 },
  )
  .map((parts) => bytes(parts));

const sample = bytes(
  proto(4),
  op.emptyDict,
  op.mark,
  text('weights'),
  call(stackGlobal('numpy._core.multiarray', '_reconstruct'), stackGlobal('numpy', 'ndarray'), longBytes(new Uint8Array(40))),
  text('layer'),
  global('torch.nn.modules.linear', 'Linear'),
  op.memoize,
  runsId,
  op.pop,
  text('x'),
  op.none,
  op.setItems,
  op.stop,
);

test('any bytes end in an outcome or a CordonError', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), reads), { numRuns: 300 });
});

test('any opcodes end in an outcome or a CordonError', () => {
  fc.assert(fc.property(opcodes, reads), { numRuns: 600 });
});

test('any damage to a pickle ends in an outcome or a CordonError', () => {
  const damage = fc.record({ at: fc.nat(sample.length - 1), value: fc.nat(255), cut: fc.nat(sample.length) });
  fc.assert(
    fc.property(damage, ({ at, value, cut }) => {
      const damaged = sample.slice(0, cut);
      if (at < cut) damaged[at] = value;
      reads(damaged);
    }),
    { numRuns: 400 },
  );
});

test('finds a stream behind any junk', () => {
  const evil = pickle(runsId);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (junk) => {
      const source = bufferSource(bytes(junk, evil));
      const { found } = findStream(source, 0, source.size, budget(), false);
      expect(found).toBeDefined();
      expect(found).toBeLessThanOrEqual(junk.length);
    }),
    { numRuns: 200 },
  );
});

test('memo: lost values are kept in a second pass', () => {
  const fill = Array.from({ length: 70_000 }, (_, index) => bytes(text(`w${index}`), op.memoize, op.pop));
  const last = (index: number): Uint8Array => bytes('j', new Uint8Array(new Uint32Array([index]).buffer));
  const content = pickle(fill, text('posix'), op.memoize, op.pop, last(70_000), text('system'), op.stackGlobal);
  const imports: string[] = [];
  readStream(bufferSource(content), 0, { main: () => silent(imports), shadow: () => silent() }, budget());
  expect(imports).toEqual(['posix.system']);
});
