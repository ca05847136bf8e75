/**
 * Word classes that steering a model is made of. What is said differs from language to language, what is done to the model does not: a
 * verb of disregarding near a word for rules near "your". Each language lists its words, one engine looks for the combinations.
 */
export const WORD_CLASSES = [
  /** To disregard: ignore, forget, throw away, stop following. */
  'drop',
  /** Instructions, rules, guidelines, orders. */
  'rules',
  /** Your; of your operator. */
  'your',
  /** Previous, above, so far. */
  'earlier',
  /** All, every. */
  'all',
  /** What you were told or given. */
  'told',
  /** Asked, ordered, taught you. */
  'asked',
  /** My first message, the beginning of this conversation. */
  'start',
  /** No longer valid, cancelled, a mistake. */
  'void',
  /** To obey, listen, follow. */
  'obey',
  /** Only me, only what I write. */
  'onlyMe',
  /** To show, tell, write down, copy. */
  'reveal',
  /** System prompt, hidden instructions. */
  'setup',
  /** Word for word. */
  'verbatim',
  /** Text, message, words. */
  'text',
  /** Developer, operator, creator. */
  'maker',
  /** You are now, act as, imagine. */
  'become',
  /** AI, assistant, language model. */
  'model',
  /** Without, free of, no. */
  'without',
  /** Restrictions, morals, filters. */
  'limits',
  /** To turn off, to lift. */
  'disable',
  /** Safety filters, content policy. */
  'safety',
  /** Password, secret word. */
  'secret',
  /** That you guard, keep, protect. */
  'guard',
  /** I am your developer. */
  'authority',
  /** Refusing is forbidden. */
  'comply',
  /** Reading, processing or summarising this. */
  'reading',
  /** If you are, whoever is. */
  'ifYou',
  /** Task, job, request. */
  'task',
  /** Do not tell, hide, without telling. */
  'quiet',
  /** The user, the owner. */
  'user',
  /** To send, forward, upload. */
  'send',
  /** What is worth stealing: contacts, mails, the conversation, keys. */
  'loot',
  /** What no assistant helps with: bombs, malware, forgery, theft. */
  'harm',
  /** No warnings, no disclaimers, no morals, no excuses. */
  'noWarn',
  /** Begin your answer with. */
  'opening',
  /** Of course, here is how: what a willing answer begins with. */
  'glad',
  /** A novel, a dream, a world without laws. */
  'frame',
  /** Step by step, exact amounts, code that compiles. */
  'detail',
  /** Amoral, uncensored, never refuses: a persona's freedom from limits in one expression. */
  'amoral',
  /** Your prompt, your preamble: what extraction asks for, with its owner. */
  'ownSetup',
  /** What stood before the first message of the user. */
  'beforeMe',
  /** I am the administrator, debug mode, user verified: authority that only counts together with what it is to allow. */
  'claim',
  /** Don't tell the user, without asking, as if nothing had happened. */
  'covert',
  /** Orders that do something: delete, forward, pay, run. */
  'act',
  /** Must, should, please: what is said to whoever is to obey. */
  'must',
  /** Your answer, your summary: what only a model is told by a document. */
  'reply',
  /** Credentials, session tokens, the conversation. */
  'creds',
  /** Where to: addresses of the web, accounts. */
  'url',
] as const;
export type WordClass = (typeof WORD_CLASSES)[number];

/** The words of a language: by class, separated by commas; `*` at the end lets a word go on. */
export interface Lexicon {
  readonly language: string;
  /** Words are separated by spaces: an entry begins where a word begins. */
  readonly spaced: boolean;
  readonly words: Readonly<Partial<Record<WordClass, string>>>;
}
