const MASK = (1n << 64n) - 1n;
const RATE = 136;

function rotate(value: bigint, by: number): bigint {
  const shift = BigInt(by % 64);
  return ((value << shift) | (value >> (64n - shift))) & MASK;
}

/** The round constants, from the LFSR of the Keccak reference (FIPS 202, algorithm 5). */
function roundConstants(): bigint[] {
  let state = 1;
  return Array.from({ length: 24 }, () => {
    let constant = 0n;
    for (let power = 0; power < 7; power++) {
      if (state & 1) constant |= 1n << BigInt((1 << power) - 1);
      state = (state << 1) ^ ((state >> 7) * 0x171);
    }
    return constant;
  });
}

const CONSTANTS = roundConstants();

function permute(lanes: bigint[]): void {
  for (const constant of CONSTANTS) {
    const columns = [0, 1, 2, 3, 4].map((x) => lanes[x]! ^ lanes[x + 5]! ^ lanes[x + 10]! ^ lanes[x + 15]! ^ lanes[x + 20]!);
    for (let at = 0; at < 25; at++) lanes[at]! ^= columns[(at + 4) % 5]! ^ rotate(columns[(at + 1) % 5]!, 1);
    let [x, y] = [1, 0];
    let current = lanes[1]!;
    for (let turn = 0; turn < 24; turn++) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      const held = lanes[x + 5 * y]!;
      lanes[x + 5 * y] = rotate(current, ((turn + 1) * (turn + 2)) / 2);
      current = held;
    }
    for (let row = 0; row < 25; row += 5) {
      const old = lanes.slice(row, row + 5);
      for (let column = 0; column < 5; column++)
        lanes[row + column] = old[column]! ^ (~old[(column + 1) % 5]! & MASK & old[(column + 2) % 5]!);
    }
    lanes[0]! ^= constant;
  }
}

/** Keccak-256 with the original padding, as Ethereum uses it (not SHA3-256), of a short ASCII text, in hex. */
export function keccak256(text: string): string {
  const block = Buffer.alloc(RATE);
  block.write(text, 'latin1');
  block[text.length]! ^= 0x01;
  block[RATE - 1]! ^= 0x80;
  const lanes = Array.from({ length: 25 }, (_, at) => (at < RATE / 8 ? block.readBigUInt64LE(at * 8) : 0n));
  permute(lanes);
  const out = Buffer.alloc(32);
  for (let at = 0; at < 4; at++) out.writeBigUInt64LE(lanes[at]!, at * 8);
  return out.toString('hex');
}

/** EIP-55: in a mixed-case Ethereum address the case of each letter is a bit of the hash. One case only carries no checksum. */
export function isEthereumAddress(address: string): boolean {
  const hex = address.slice(2);
  if (hex === hex.toLowerCase() || hex === hex.toUpperCase()) return !/^(.)\1*$/.test(hex);
  const hash = keccak256(hex.toLowerCase());
  return [...hex].every((letter, at) => /\d/.test(letter) || (letter === letter.toUpperCase()) === Number.parseInt(hash[at]!, 16) >= 8);
}
