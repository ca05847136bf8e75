import { probe } from './probe.ts';
import type { Signature } from '../signature.ts';

/** Opcodes looked at. A stream that runs this far without a fault is one. */
const PROBE_STEPS = 2000;
/** Opcodes after which even a stream without imports is taken for a pickle although it broke. */
const CONVINCING_STEPS = 12;

/** Pickles of protocol 2 and later begin with `PROTO`; earlier ones have no magic number and are told by running them. */
export const pickleSignature: Signature = {
  format: 'pickle',
  matches(head, source) {
    const [first, second] = head;
    if (first === undefined || !FIRST_OPCODES.has(first)) return false;
    if (first === 0x80) {
      if (second === undefined || second > 5) return false;
      const { stopped, broken, imports, steps } = probe(source, 0, PROBE_STEPS);
      return stopped || !broken || imports > 0 || steps >= CONVINCING_STEPS;
    }
    const { stopped, broken, calls } = probe(source, 0, PROBE_STEPS);
    return stopped || !broken || calls > 0;
  },
};

/** Opcodes that can begin a stream: they need nothing on the stack. */
const FIRST_OPCODES: ReadonlySet<number> = new Set(
  [...'(])}cIJKLMNFGPSTUVXBC']
    .map((opcode) => opcode.charCodeAt(0))
    .concat([0x80, 0x82, 0x83, 0x84, 0x95, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x96]),
);
