/** ISO 7064 MOD 11,10 over all digits, the last one the check digit: German tax id, Croatian OIB. */
export function mod11And10(digits: readonly number[]): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (digit + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (product + digits.at(-1)!) % 10 === 1;
}
