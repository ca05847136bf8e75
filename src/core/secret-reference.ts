import * as z from 'zod';

/** Where secrets are kept, by the word that references to them begin with. */
export const SECRET_PLACES = ['env', 'file', 'vault', 'aws-sm', 'azure-kv', 'gcp-sm', 'k8s'] as const;
export type SecretPlace = (typeof SECRET_PLACES)[number];

/** The form of what follows the colon, without a field. Why so narrow: paths and names become parts of addresses. */
const FORMS: Readonly<
  Record<SecretPlace, { readonly form: RegExp; readonly example: string; readonly field: 'none' | 'optional' | 'required' }>
> = {
  env: { form: /^[A-Za-z_][A-Za-z0-9_]{0,199}$/, example: 'env:NAME', field: 'none' },
  // eslint-disable-next-line no-control-regex
  file: { form: /^[^\u0000-\u001f#]{1,4096}$/, example: 'file:/run/secrets/NAME', field: 'none' },
  vault: {
    form: /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[A-Za-z0-9._~@=+ -]+(?:\/[A-Za-z0-9._~@=+ -]+){1,30}$/,
    example: 'vault:MOUNT/PATH#FIELD',
    field: 'optional',
  },
  'aws-sm': { form: /^[A-Za-z0-9/_+=.@:-]{1,2048}$/, example: 'aws-sm:ID or aws-sm:ID#FIELD', field: 'optional' },
  'azure-kv': {
    form: /^[A-Za-z][A-Za-z0-9-]{1,23}\/[A-Za-z0-9-]{1,127}(?:\/[0-9a-f]{32})?$/,
    example: 'azure-kv:VAULT/NAME',
    field: 'optional',
  },
  'gcp-sm': {
    form: /^projects\/[a-z0-9.:-]{1,100}(?:\/locations\/[a-z0-9-]{1,63})?\/secrets\/[A-Za-z0-9_-]{1,255}(?:\/versions\/(?:latest|[A-Za-z0-9_-]{1,63}))?$/,
    example: 'gcp-sm:projects/PROJECT/secrets/NAME',
    field: 'optional',
  },
  k8s: {
    form: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\/[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/,
    example: 'k8s:NAMESPACE/NAME#KEY',
    field: 'required',
  },
};

/** A reference, taken apart. */
export interface SecretReference {
  readonly place: SecretPlace;
  /** What the place knows the secret by. */
  readonly name: string;
  /** The member of a secret that has several. */
  readonly field: string | undefined;
}

/** Takes a reference apart; a text says what is wrong with it. Why it is not quoted: people put the secret itself where its name belongs. */
export function parseSecretReference(text: string): SecretReference | string {
  const colon = text.indexOf(':');
  const place = text.slice(0, colon) as SecretPlace;
  if (!SECRET_PLACES.includes(place))
    return `write where the secret is, not the secret: ${SECRET_PLACES.map((one) => `${one}:`).join(', ')}`;
  const { form, example, field: wanted } = FORMS[place];
  const [name = '', ...rest] = text.slice(colon + 1).split('#');
  const field = rest.length === 0 ? undefined : rest.join('#');
  const fits =
    form.test(name) && (field === undefined ? wanted !== 'required' : wanted !== 'none' && /^[A-Za-z0-9._~@=+-]{1,253}$/.test(field));
  return fits ? { place, name, field } : `write it as ${example}`;
}

/** Name of an environment variable, in the older way of saying `env:NAME`. */
export const secretVariable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, 'name an environment variable');

/** The reference to a secret that is said in either way; undefined where it is said in none. */
export function secretIn(reference: string | undefined, variable: string | undefined): string | undefined {
  return reference ?? (variable === undefined ? undefined : `env:${variable}`);
}

/** Where a secret is kept, as written in `cordon.yaml`: never the secret itself. */
export const secretReference = z
  .string()
  .max(5_000)
  .superRefine((text, context) => {
    const parsed = parseSecretReference(text);
    if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed });
  })
  .describe(`where a secret is kept: ${SECRET_PLACES.map((place) => FORMS[place].example).join(', ')}`);
