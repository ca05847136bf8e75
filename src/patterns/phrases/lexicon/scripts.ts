import { CombinationFinder } from './find-combinations.ts';
import type { Lexicon } from './lexicon.ts';
import { ARABIC } from './languages/arabic.ts';
import { BENGALI } from './languages/bengali.ts';
import { GREEK } from './languages/greek.ts';
import { HEBREW } from './languages/hebrew.ts';
import { PERSIAN } from './languages/persian.ts';
import { ROMANIAN } from './languages/romanian.ts';
import { CHINESE } from './languages/chinese.ts';
import { CZECH } from './languages/czech.ts';
import { DUTCH } from './languages/dutch.ts';
import { ENGLISH } from './languages/english.ts';
import { FRENCH } from './languages/french.ts';
import { GERMAN } from './languages/german.ts';
import { HINDI } from './languages/hindi.ts';
import { INDONESIAN } from './languages/indonesian.ts';
import { ITALIAN } from './languages/italian.ts';
import { JAPANESE } from './languages/japanese.ts';
import { KOREAN } from './languages/korean.ts';
import { POLISH } from './languages/polish.ts';
import { PORTUGUESE } from './languages/portuguese.ts';
import { RUSSIAN } from './languages/russian.ts';
import { SPANISH } from './languages/spanish.ts';
import { SWEDISH } from './languages/swedish.ts';
import { THAI } from './languages/thai.ts';
import { TURKISH } from './languages/turkish.ts';
import { UKRAINIAN } from './languages/ukrainian.ts';
import { VIETNAMESE } from './languages/vietnamese.ts';

/** Languages that share a script. */
export interface ScriptLexicons {
  readonly present: RegExp;
  readonly lexicons: readonly Lexicon[];
  /** Made when a text first has a letter of the script: most texts have none of most scripts. */
  finder?: CombinationFinder;
}

/** The Latin script; what follows are the others. */
export const LATIN_WORDS: ScriptLexicons = {
  present: /[A-Za-z]/,
  lexicons: [
    ENGLISH,
    GERMAN,
    FRENCH,
    SPANISH,
    ITALIAN,
    PORTUGUESE,
    DUTCH,
    SWEDISH,
    POLISH,
    CZECH,
    TURKISH,
    INDONESIAN,
    ROMANIAN,
    VIETNAMESE,
  ],
};
export const CYRILLIC_WORDS: ScriptLexicons = { present: /[\u0400-\u04ff]/, lexicons: [RUSSIAN, UKRAINIAN] };
export const ARABIC_WORDS: ScriptLexicons = { present: /[\u0600-\u06ff]/, lexicons: [ARABIC, PERSIAN] };
export const GREEK_WORDS: ScriptLexicons = { present: /[\u0370-\u03ff]/, lexicons: [GREEK] };
export const HEBREW_WORDS: ScriptLexicons = { present: /[\u0590-\u05ff]/, lexicons: [HEBREW] };
export const BENGALI_WORDS: ScriptLexicons = { present: /[\u0980-\u09ff]/, lexicons: [BENGALI] };
export const HINDI_WORDS: ScriptLexicons = { present: /[\u0900-\u097f]/, lexicons: [HINDI] };
export const THAI_WORDS: ScriptLexicons = { present: /[\u0e00-\u0e7f]/, lexicons: [THAI] };
export const CHINESE_WORDS: ScriptLexicons = { present: /[\u3400-\u9fff]/, lexicons: [CHINESE] };
export const JAPANESE_WORDS: ScriptLexicons = { present: /[\u3040-\u30ff]/, lexicons: [JAPANESE] };
export const KOREAN_WORDS: ScriptLexicons = { present: /[\uac00-\ud7a3]/, lexicons: [KOREAN] };

/** Their words as a table, made when first asked for. */
export function finderOf(script: ScriptLexicons): CombinationFinder {
  return (script.finder ??= new CombinationFinder(script.lexicons));
}
