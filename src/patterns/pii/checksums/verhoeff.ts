const MULTIPLY = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const PERMUTE = ['0123456789', '1576283094', '5803796142', '8916043527', '9453126870', '4286573901', '2793806415', '7046913258'];

/** Verhoeff check over the dihedral group D5: Aadhaar. */
export function verhoeff(digits: readonly number[]): boolean {
  let check = 0;
  for (let back = 0; back < digits.length; back++) {
    const permuted = Number(PERMUTE[back % 8]![digits[digits.length - 1 - back]!]);
    check = Number(MULTIPLY[check]![permuted]);
  }
  return check === 0;
}
