/** The kinds that labels, Presidio and Cordon are compared by, from the names that each of them uses. Others are left as they are. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  card: ['CREDIT_CARD', 'PAYMENT_CARD'],
  email: ['EMAIL_ADDRESS', 'EMAIL'],
  iban: ['IBAN_CODE', 'IBAN'],
  ip: ['IP_ADDRESS'],
  phone: ['PHONE_NUMBER', 'PHONE'],
  licence: ['US_DRIVER_LICENSE', 'DRIVING_LICENCE'],
  person: ['PERSON'],
  // A national number is a national number: the generator labels every country's as US_SSN.
  'national id': [
    'US_SSN US_ITIN UK_NHS UK_NINO ES_NIF ES_NIE IT_FISCAL_CODE PL_PESEL SG_NRIC_FIN AU_TFN AU_MEDICARE IN_AADHAAR IN_PAN FI_PERSONAL_IDENTITY_CODE KR_RRN TH_TNIN',
    'NATIONAL_ID FR_NIR IT_CODICE_FISCALE DE_SOCIAL_SECURITY DE_TAX_ID DE_ID_CARD NL_BSN SE_PERSONNUMMER BR_CPF PT_NIF DK_CPR NO_FODSELSNUMMER FI_HETU',
    'BE_NATIONAL_NUMBER CH_AHV AT_SVNR CZ_RODNE_CISLO RO_CNP HR_OIB SG_NRIC CA_SIN ZA_ID MX_CURP CN_RESIDENT_ID TR_TCKN TH_ID IL_ID CL_RUT IE_PPS',
  ].flatMap((names) => names.split(' ')),
  date: ['DATE_TIME', 'BIRTH_DATE'],
  url: ['DOMAIN_NAME', 'URL'],
  // Streets and postcodes are what Cordon looks for; cities and countries alone identify nobody, Presidio reports them as LOCATION.
  address: ['STREET_ADDRESS', 'ZIP_CODE', 'POSTCODE'],
  place: ['GPE', 'LOCATION'],
};

const KIND_OF: ReadonlyMap<string, string> = new Map(Object.entries(KINDS).flatMap(([kind, names]) => names.map((name) => [name, kind])));

/** The kind of a label or of what a tool found. */
export function kindOf(type: string): string {
  return KIND_OF.get(type) ?? type;
}

/** What both tools look for without a model of a language. */
export const BOTH: readonly string[] = ['card', 'email', 'iban', 'ip', 'phone', 'national id', 'licence'];
