import type { Filter } from './filter.ts';

/** Length of a CALL or JMP with its 32-bit operand. */
const INSTRUCTION = 5;
/** Whether an operand may be converted, by which of the three bytes before it looked like an opcode. */
const ALLOWED = [true, true, true, false, true, false, false, false];
/** How many bytes of the operand the nearest of those opcodes overlaps. */
const OVERLAP = [0, 1, 2, 2, 3, 3, 3, 3];

/**
 * The x86 branch filter of xz and 7z: absolute targets of E8 and E9 become relative again. The encoder skips what is
 * probably no instruction, so the decoder has to remember the same three bytes to skip the same.
 */
export function x86Filter(startOffset = 0): Filter {
  let base = startOffset;
  /** Bit i: the byte i + 1 before the current one looked like an opcode that was not converted. */
  let mask = 0;
  return {
    undo(bytes, last) {
      let at = 0;
      while (at + INSTRUCTION <= bytes.length) {
        if (((bytes[at] as number) & 0xfe) !== 0xe8) {
          mask = (mask << 1) & 7;
          at++;
        } else if (convertible(bytes, at, mask)) {
          convert(bytes, at, (base + at + INSTRUCTION) | 0, mask);
          mask = 0;
          at += INSTRUCTION;
        } else {
          mask = ((mask << 1) & 7) | 1;
          at++;
        }
      }
      const final = last ? bytes.length : at;
      base += final;
      return final;
    },
  };
}

function convertible(bytes: Uint8Array, at: number, mask: number): boolean {
  if (!isSignByte(bytes[at + 4] as number)) return false;
  if (mask === 0) return true;
  return ALLOWED[mask] === true && !isSignByte(bytes[at + 4 - (OVERLAP[mask] as number)] as number);
}

function convert(bytes: Uint8Array, at: number, position: number, mask: number): void {
  const [, b1, b2, b3, b4] = bytes.subarray(at, at + INSTRUCTION) as unknown as [number, number, number, number, number];
  let source = b1 | (b2 << 8) | (b3 << 16) | (b4 << 24);
  let target = (source - position) | 0;
  const shift = (OVERLAP[mask] as number) * 8;
  // Two rounds suffice: the second undoes the first one's change of the overlapped byte.
  for (let round = 0; round < 2 && mask !== 0 && isSignByte((target >>> (24 - shift)) & 0xff); round++) {
    source = target ^ ((shift === 0 ? 0 : 1 << (32 - shift)) - 1);
    target = (source - position) | 0;
  }
  bytes[at + 1] = target;
  bytes[at + 2] = target >>> 8;
  bytes[at + 3] = target >>> 16;
  bytes[at + 4] = (target & 0x0100_0000) !== 0 ? 0xff : 0;
}

/** Highest byte of a target within 16 MiB: all zeros or all ones. */
function isSignByte(value: number): boolean {
  return value === 0 || value === 0xff;
}
