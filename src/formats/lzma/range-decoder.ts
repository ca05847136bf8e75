import { malformed } from '../../core/errors.ts';
import type { Input } from '../inflate/input.ts';

const MODEL_BITS = 11;
const MOVE_BITS = 5;
/** Probability of one half: where every model starts. */
export const HALF = 1 << (MODEL_BITS - 1);

/** The binary arithmetic decoder of LZMA. `range` and `code` are unsigned 32-bit numbers kept as int32, which V8 does fast. */
export class RangeDecoder {
  readonly input: Input;
  #range = -1;
  #code = 0;

  constructor(input: Input) {
    this.input = input;
  }

  /** Reads the five bytes that every range-coded run begins with. */
  start(): void {
    const first = this.input.byte();
    this.#range = -1;
    this.#code = (this.input.byte() << 24) | (this.input.byte() << 16) | (this.input.byte() << 8) | this.input.byte();
    if (first !== 0 || this.#code === -1) throw malformed('LZMA range coder start', this.input.offset - 5);
  }

  /** True once the coder is where a properly ended run leaves it. */
  get finished(): boolean {
    return this.#code === 0;
  }

  /** One bit by the adaptive model at `index`. */
  bit(models: Uint16Array, index: number): 0 | 1 {
    const model = models[index] as number;
    const bound = Math.imul(this.#range >>> MODEL_BITS, model);
    if (this.#code >>> 0 < bound >>> 0) {
      models[index] = model + (((1 << MODEL_BITS) - model) >>> MOVE_BITS);
      this.#range = bound;
      if ((bound & 0xff000000) === 0) this.#shift();
      return 0;
    }
    models[index] = model - (model >>> MOVE_BITS);
    this.#code = (this.#code - bound) | 0;
    this.#range = (this.#range - bound) | 0;
    if ((this.#range & 0xff000000) === 0) this.#shift();
    return 1;
  }

  /** `count` bits without a model, highest first. */
  direct(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      this.#range >>>= 1;
      const one = this.#code >>> 0 >= this.#range >>> 0;
      if (one) this.#code = (this.#code - this.#range) | 0;
      value = (value << 1) | (one ? 1 : 0);
      if ((this.#range & 0xff000000) === 0) this.#shift();
    }
    return value >>> 0;
  }

  /** A number of `count` bits by a binary tree of models at `base`, highest first. */
  tree(models: Uint16Array, base: number, count: number): number {
    let node = 1;
    for (let i = 0; i < count; i++) node = (node << 1) | this.bit(models, base + node);
    return node - (1 << count);
  }

  /** The same, lowest bit first. */
  reverseTree(models: Uint16Array, base: number, count: number): number {
    let node = 1;
    let value = 0;
    for (let i = 0; i < count; i++) {
      const bit = this.bit(models, base + node);
      node = (node << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  #shift(): void {
    this.#range <<= 8;
    this.#code = (this.#code << 8) | this.input.byte();
  }
}
