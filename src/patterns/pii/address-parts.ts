/** A capitalised word of a street or a city. */
export const CAP = "[A-ZÀ-ÖØ-ÞĀ-ž][A-Za-zÀ-ÿĀ-ž.'’-]{0,20}";
/** Small words inside the names of streets. */
const SMALL = '(?:de|du|des|del|della|di|da|do|dos|das|la|le|les|los|las|el|van|von|der|den|of|the|rue|via|calle|ul\\.|u\\.|c/)';
/** Words of a street behind its number. */
export const STREET_WORDS = `(?: (?:${CAP}|${SMALL}|\\d{1,4}[A-Za-z]?)){1,6}`;
/** `Apt. 12`, `Suite 4`, `Piso 3`. */
export const UNIT =
  '(?:\\.?[, ]{0,2}\\n? {0,4}(?:Apt|Apartment|Appartement|Suite|Ste|Unit|Floor|Flat|Room|Studio|Piso|Puerta|Interno|Piano|Whg|Top|#)\\.? ?[A-Za-z0-9-]{1,6}){0,2}';
/** Why without a full stop: it ends the sentence. */
const TOWN = "[A-ZÀ-ÖØ-ÞĀ-ž][A-Za-zÀ-ÿĀ-ž'’-]{0,20}";
const CITY = `(?:St\\. )?${TOWN}(?: ${TOWN}){0,3}`;
const GAP = '[, \\n]{1,6}';
/** A postcode before a city or behind one; what closes an address over several lines. */
export const CITY_LINE = `(?:${GAP}(?:[A-Z]{1,2}-)?(?:\\d{4} ?[A-Z]{2}|\\d{2}-\\d{3}|\\d{5}-\\d{3}|\\d{4,6}),? ?\\n?${CITY}|${GAP}${CITY}(?:${GAP}(?:[A-Z]{2,3}|${CITY})){0,2}[, \\n]{1,3}(?:\\d{5}-\\d{4}|\\d{4,6}))`;
/** What may follow the street in the same line. */
export const SAME_LINE = `(?:, ${CITY}){1,2}(?:, [A-Z]{2})?`;
