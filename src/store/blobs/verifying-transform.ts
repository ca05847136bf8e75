import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { CordonError } from '../../core/errors.ts';

/** The same promise as a verified read of a file, for bytes that come from elsewhere: the last piece comes only if the digest is right. */
export class VerifyingTransform extends Transform {
  readonly #sha256: string;
  readonly #onResult: (intact: boolean) => void;
  readonly #hash = createHash('sha256');
  #held: Buffer | undefined;

  constructor(sha256: string, onResult: (intact: boolean) => void = () => undefined) {
    super({ highWaterMark: 1 << 19 });
    this.#sha256 = sha256;
    this.#onResult = onResult;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk);
    const ready = this.#held;
    this.#held = chunk;
    done(null, ready);
  }

  override _flush(done: TransformCallback): void {
    const intact = this.#hash.digest('hex') === this.#sha256;
    this.#onResult(intact);
    if (intact) done(null, this.#held);
    else done(new CordonError('storage.corrupt', `the stored bytes of ${this.#sha256} have another digest`));
  }
}
