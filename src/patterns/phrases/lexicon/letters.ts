/** 1 for letters, by code unit: asked for every one of every text. */
export const LETTERS: Uint8Array = Uint8Array.from({ length: 65_536 }, (_, unit) => (isLetter(unit) ? 1 : 0));

function isLetter(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0xc0 && unit < 0x2000 && !isStop(unit)) || unit >= 0x3041
  );
}

/** Full stops and commas among the letters of Arabic and Hindi: words begin behind them. */
export function isStop(unit: number): boolean {
  return unit === 0x964 || unit === 0x6d4 || unit === 0x61f || unit === 0x60c || unit === 0x61b;
}
