/** Capital letters of the Latin scripts of Europe. */
export const CAPITAL = 'A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚ';
/** What may go on within a name. */
const REST = "A-Za-zÀ-ÿĀ-žȘșȚț'’-";
/** One capitalised word of a name. */
export const WORD = `[${CAPITAL}][${REST}]{1,20}`;
/** Initials and particles between the words of a name. */
const BETWEEN = `(?:(?:[${CAPITAL}]\\.? ?|(?:de|do|dos|da|van|von|der|den|di|del|la|le|bin|ben|ibn|al|el|ter|zu|af|av) ){0,3})`;
/** No letter before a name … */
export const NO_LETTER_BEFORE = '(?<![A-Za-z0-9_À-ÿĀ-ž@./-])';
/** … and none after it. */
export const NO_LETTER_AFTER = '(?![A-Za-z0-9_À-ÿĀ-ž@])';

/** A name of `least` to four capitalised words. */
export function nameSource(least: 1 | 2): string {
  return `${NO_LETTER_BEFORE}${WORD}(?: ${BETWEEN}${WORD}){${least - 1},3}${NO_LETTER_AFTER}`;
}

/** A capitalised word and a second one with one of the endings. */
export function familySource(endings: readonly string[]): string {
  return `${NO_LETTER_BEFORE}${WORD} ${BETWEEN}(?:${WORD}-)?[${CAPITAL}][${REST}]{1,16}(?:${endings.join('|')})${NO_LETTER_AFTER}`;
}
