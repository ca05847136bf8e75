/** Words that stand in examples in place of a key. */
const PLACEHOLDER =
  /example|sample|placeholder|dummy|changeme|change[-_]?me|replace|insert|your[-_]?|my[-_]?(?:api|secret|key|token|pass)|test[-_]?(?:key|token|secret|pass)|fake|redacted|xxxx|\*{3}|\.{3}|todo|fixme|<[^>]*>|\$\{|\{\{|%\(|process\.env|os\.environ|getenv|secrets?\.|vault:|12345678|abcdefgh|deadbeef|qwerty|lorem|foobar|00000000/i;

/** Keys that providers print in their own documentation. */
const DOCUMENTED = new Set([
  'AKIAIOSFODNN7EXAMPLE',
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'ASIAIOSFODNN7EXAMPLE',
  'AKIAI44QH8DHBEXAMPLE',
  'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY',
]);

/** Whether a value is an example and not a secret. */
export function isPlaceholder(value: string): boolean {
  return DOCUMENTED.has(value) || PLACEHOLDER.test(value) || /^(.)\1*$/.test(value) || /(.)\1{6}/.test(value);
}
