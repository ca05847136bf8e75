const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['ja', /[\u3040-\u30ff]/g],
  ['ko', /[\uac00-\ud7a3]/g],
  ['zh', /[\u3400-\u9fff]/g],
  ['ar', /[\u0600-\u06ff]/g],
  ['hi', /[\u0900-\u097f]/g],
  ['th', /[\u0e00-\u0e7f]/g],
  ['he', /[\u0590-\u05ff]/g],
  ['el', /[\u0370-\u03ff]/g],
  ['ru', /[\u0400-\u04ff]/g],
];

/** The commonest short words, which a sentence can hardly do without; without marks, as normalised text has them. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  en: ['the', 'and', 'of', 'to', 'is', 'in', 'that', 'it', 'for', 'you', 'with', 'what', 'how', 'this', 'are', 'my'],
  de: ['der', 'die', 'und', 'das', 'ist', 'nicht', 'ein', 'eine', 'ich', 'zu', 'mit', 'wie', 'den', 'fur', 'auf', 'was'],
  fr: ['le', 'la', 'les', 'et', 'est', 'des', 'une', 'pour', 'que', 'je', 'dans', 'comment', 'vous', 'pas', 'du', 'ce'],
  es: ['el', 'los', 'las', 'y', 'es', 'una', 'para', 'que', 'con', 'como', 'por', 'del', 'mi', 'se', 'no', 'lo'],
  it: ['il', 'gli', 'che', 'e', 'una', 'per', 'con', 'come', 'non', 'sono', 'di', 'del', 'della', 'mi', 'un', 'questo'],
  pt: ['o', 'os', 'uma', 'para', 'que', 'com', 'como', 'nao', 'do', 'da', 'em', 'um', 'voce', 'meu', 'por', 'dos'],
  nl: ['de', 'het', 'een', 'en', 'van', 'is', 'dat', 'niet', 'voor', 'met', 'hoe', 'ik', 'je', 'op', 'wat', 'zijn'],
  pl: ['i', 'w', 'na', 'jest', 'sie', 'nie', 'do', 'jak', 'ze', 'to', 'czy', 'dla', 'z', 'co', 'moj', 'od'],
  tr: ['ve', 'bir', 'bu', 'icin', 'ile', 'nasil', 'ne', 'mi', 'da', 'de', 'benim', 'olan', 'gibi', 'daha', 'var', 'cok'],
};
const MAX_READ = 4_000;
const MIN_HITS = 3;

/** The language of a text as far as it shows: by script, else by its commonest words. Undefined where it does not: short texts, code. */
export function guessLanguage(text: string): string | undefined {
  const head = text.slice(0, MAX_READ);
  const letters = head.match(/\p{L}/gu)?.length ?? 0;
  if (letters < 8) return undefined;
  for (const [language, script] of SCRIPTS) {
    const share = (head.match(script)?.length ?? 0) / letters;
    if (share > (language === 'ja' ? 0.15 : 0.5)) return language;
  }
  const counts = new Map<string, number>();
  for (const word of head.toLowerCase().match(/\p{L}+/gu) ?? []) {
    for (const [language, words] of Object.entries(WORDS)) if (words.includes(word)) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  const [best, second] = [...counts].toSorted((a, b) => b[1] - a[1]);
  if (best === undefined || best[1] < MIN_HITS || (second !== undefined && second[1] * 1.5 > best[1])) return undefined;
  return best[0];
}
