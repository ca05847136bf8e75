import { int, len, message } from './protobuf.ts';

/** A Paddle program with one block: a variable and these operators. */
export function paddleProgram(...operators: readonly Uint8Array[]): Buffer {
  return message(len(1, int(1, 0), int(2, -1), len(3, len(1, 'x'), len(2, int(1, 7))), ...operators), len(4, int(1, 0)));
}

/** An operator of a block: its type and its text attributes. */
export function paddleOperator(type: string, texts: Readonly<Record<string, string>> = {}): Buffer {
  const attributes = Object.entries(texts).map(([name, value]) => len(4, len(1, name), int(2, 2), len(5, value)));
  return len(4, len(1, len(1, 'X'), len(2, 'x')), len(2, len(1, 'Out'), len(2, 'y')), len(3, type), ...attributes);
}
