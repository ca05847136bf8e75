/**
 * What JSON may carry raw but a terminal or editor would act on: C1 controls, bidi overrides, invisible characters. Escaped it
 * is the same value. (`JSON.stringify` itself escapes C0 controls and lone surrogates.)
 */
const RAW = /[\u007f-\u009f\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A value as indented JSON, with a newline at the end, safe to print. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replaceAll(RAW, (character) =>
    [...Array(character.length).keys()].map((unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`).join(''),
  );
  return `${text}\n`;
}
