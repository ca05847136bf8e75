/** A licence as cards, configurations and file headers spell it, in one spelling: `Apache License 2.0` is `apache-2.0`. */
export function normalLicence(text: string): string {
  const plain = text
    .trim()
    .toLowerCase()
    .replaceAll(/\b(?:the|license|licence|version|public)\b/g, ' ')
    .replaceAll(/\bv(?=\d)/g, '')
    .replaceAll(/[^a-z0-9.+]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? text.trim().toLowerCase() : plain;
}
