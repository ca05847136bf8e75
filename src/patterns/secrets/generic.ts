import type { PatternDefinition } from '../matching/pattern.ts';
import { entropy } from './entropy.ts';
import { isPlaceholder } from './placeholder.ts';

const KEY_NAMES =
  'api[_-]?key|apikey|api[_-]?token|access[_-]?key|access[_-]?token|auth[_-]?token|auth[_-]?key|secret[_-]?key|client[_-]?secret|app[_-]?secret|encryption[_-]?key|signing[_-]?key|private[_-]?key|master[_-]?key|refresh[_-]?token|bot[_-]?token|webhook[_-]?secret|secret|token|credentials?|api[_-]?secret';
const PASSWORD_NAMES = 'password|passwd|passphrase|pwd|passwort|kennwort|mot[_ ]de[_ ]passe|contraseña|senha|wachtwoord';
const ASSIGN = '["\'\\]\\\\]{0,3}\\s{0,4}(?::=|=>|[:=])\\s{0,4}["\'`\\\\]{0,3}';

/** Secrets of no provider in particular. */
export const GENERIC: readonly PatternDefinition[] = [
  {
    id: 'secrets.private-key',
    title: 'Private key in PEM',
    entity: 'PRIVATE_KEY',
    // Why two forms: a key that was cut off, or is longer than a stream may hold, is a key all the same.
    source:
      '-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?:[A-Za-z0-9+/=\\s\\\\:,.()]|-(?!-)){16,3800}?-----END [A-Z0-9 ]{8,40}-----|[A-Za-z0-9+/=\\r\\n\\\\]{16,3900})',
    triggers: ['-----begin '],
    anchor: 'start',
    validate: (text) => entropy(text.replace(/-----[A-Z ]{0,60}-----/g, '').slice(0, 200)) > 3,
    specificity: 95,
    score: 1,
  },
  {
    id: 'secrets.jwt',
    title: 'JSON web token',
    entity: 'JWT',
    source: '(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,500}\\.eyJ[A-Za-z0-9_-]{8,1800}\\.[A-Za-z0-9_-]{16,700}(?![A-Za-z0-9_-])',
    triggers: ['eyj'],
    anchor: 'start',
    specificity: 88,
    score: 1,
  },
  {
    id: 'secrets.url-password',
    title: 'Password in a URL',
    entity: 'PASSWORD',
    source: '(?<=:)[^\\s:@/"\'<>`]{2,128}(?=@)',
    triggers: ['://'],
    anchor: 'context',
    context: { words: ['[A-Za-z][A-Za-z0-9+.-]{1,24}://[^\\s:@/"\'<>]{0,64}:'], within: 100, adjacent: 'touching', raw: true },
    validate: (text) => !isPlaceholder(text) && !/^(?:password|pass|pwd|user|secret|token)$/i.test(text),
    specificity: 85,
    score: 0.95,
  },
  {
    id: 'secrets.authorization',
    title: 'Credentials in an authorization header',
    entity: 'BEARER_TOKEN',
    source: '(?<![A-Za-z0-9._~+/=-])[A-Za-z0-9._~+/=-]{16,1024}(?![A-Za-z0-9._~+/=-])',
    triggers: ['bearer ', 'basic ', 'authorization', 'x-api-key', 'api-key'],
    anchor: 'context',
    context: {
      words: [
        '(?:authorization["\']?\\s{0,3}[:=]\\s{0,3}["\']?(?:bearer|basic|token)?|bearer|x-api-key["\']?\\s{0,3}[:=]|[^a-z]api-key["\']?\\s{0,3}:)\\s{1,3}["\']?',
      ],
      within: 48,
      adjacent: 'touching',
      raw: true,
    },
    validate: (text) => /\d/.test(text) && !isPlaceholder(text) && entropy(text) > 3.2,
    specificity: 70,
    score: 0.9,
  },
  {
    id: 'secrets.generic-key',
    title: 'Random value assigned to a key, token or secret',
    entity: 'SECRET',
    source: '(?<![A-Za-z0-9_./+=-])[A-Za-z0-9_./+=-]{16,256}(?![A-Za-z0-9_./+=-])',
    triggers: ['key', 'token', 'secret', 'credential'],
    anchor: 'context',
    context: { words: [`[A-Za-z0-9_.-]{0,24}(?:${KEY_NAMES})[A-Za-z0-9_]{0,8}${ASSIGN}`], within: 72, adjacent: 'touching', raw: true },
    validate: isGenericKey,
    specificity: 65,
    score: 0.8,
  },
  {
    id: 'secrets.password',
    title: 'Password in an assignment',
    entity: 'PASSWORD',
    source: '(?<![^\\s"\'`=:\\\\>])[^\\s"\'`<>(){}\\[\\],;]{6,128}(?![^\\s"\'`<>(){}\\[\\],;])',
    triggers: ['password', 'passwd', 'passphrase', 'pwd', 'passwort', 'kennwort', 'passe', 'contraseña', 'senha', 'wachtwoord'],
    anchor: 'context',
    context: {
      words: [`[A-Za-z0-9_.-]{0,24}(?:${PASSWORD_NAMES})[A-Za-z0-9_]{0,8}(?:${ASSIGN}|\\s(?:is|ist|est|es|é)\\s{1,3}:?\\s{0,3}["'\`]?)`],
      within: 72,
      adjacent: 'touching',
      raw: true,
    },
    validate: isPassword,
    specificity: 64,
    score: 0.8,
  },
];

/** Random enough, of mixed kinds of characters, and not the name of a thing. */
function isGenericKey(text: string): boolean {
  if (!/\d/.test(text) || !/[A-Za-z]/.test(text) || isPlaceholder(text)) return false;
  if (/^[./]|\/\/|\.(?:com|org|net|io|json|ya?ml|py|js|ts|md|txt|html?|png)\b/i.test(text)) return false;
  // Words joined by separators are names: `max_new_tokens_2`, `model-token-limit-v1`.
  const longest = Math.max(...text.split(/[_./+=-]/).map(({ length }) => length));
  return longest >= 12 && entropy(text) >= 3.3;
}

/** Not a word, a type, a reference or a call: letters and digits or signs together. */
function isPassword(text: string): boolean {
  // Why first: of most words this says no.
  if (!/[A-Za-z]/.test(text) || !/[0-9!@#$%^&*?~+]/.test(text)) return false;
  if (isPlaceholder(text) || /^(?:\$|%|env\b|os\.|self\.|this\.|config|request|params|data\.|args|input|user\.|form)/i.test(text))
    return false;
  return !/^[A-Za-z_]+[.?!:]?$/.test(text) && !/^[\w.]+\.[a-z]{2,10}$/.test(text) && entropy(text) >= 2;
}
