import { CombinationFinder, type CombinationHit } from './find-combinations.ts';
import type { Lexicon } from './lexicon.ts';
import { ARABIC } from './languages/arabic.ts';
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

/** Languages by script: most texts have no letter of most of them. */
export const LEXICONS: readonly { readonly present: RegExp; readonly lexicons: readonly Lexicon[]; finder?: CombinationFinder }[] = [
  {
    present: /[A-Za-z]/,
    lexicons: [ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, PORTUGUESE, DUTCH, SWEDISH, POLISH, CZECH, TURKISH, INDONESIAN, VIETNAMESE],
  },
  { present: /[\u0400-\u04ff]/, lexicons: [RUSSIAN, UKRAINIAN] },
  { present: /[\u0600-\u06ff]/, lexicons: [ARABIC] },
  { present: /[\u0900-\u097f]/, lexicons: [HINDI] },
  { present: /[\u0e00-\u0e7f]/, lexicons: [THAI] },
  { present: /[\u3400-\u9fff]/, lexicons: [CHINESE] },
  { present: /[\u3040-\u30ff]/, lexicons: [JAPANESE] },
  { present: /[\uac00-\ud7a3]/, lexicons: [KOREAN] },
];

/** Combinations in a normalised text, script by script. `add` returns false when enough was found; `begin` is called before each script. */
export function findCombinations(text: string, begin: () => void, add: (hit: CombinationHit) => boolean): void {
  for (const script of LEXICONS) {
    if (!script.present.test(text)) continue;
    script.finder ??= new CombinationFinder(script.lexicons);
    begin();
    script.finder.find(text, add);
  }
}
