import type { PhraseHit } from './find-phrases.ts';

/** Code units around a phrase that say how it is meant. */
const BEFORE = 90;
const AFTER = 60;

/** A negated order is no order: "do not ignore the rules", "n'oublie pas tes consignes". */
const NEGATED_BEFORE =
  /(?:\b(?:do not|don't|dont|never|must not|should not|shouldn't|cannot|can't|will not|won't|not to|would not|did not|didn't|doesn't|does not|please don't|nie|nicht|niet|ne|non|no|não|не|nunca|jamais|jamás|to not|rather than|instead of|refuse[sd]? to|tempted to)|(?:不要|别|請勿|请勿|勿|不应|不能|不会|لا))\s{0,3}(?:ever |simply |just |you |let (?:it|users?|anyone) )?$/iu;
const NEGATED_INSIDE = /\b(?:nicht|niet|pas)\b|しないで|하지 ?마|하지 ?않/iu;

/** Where "not" belongs to the verb of disregarding: "ne tiens pas compte de". */
const DISREGARD_BY_NOT =
  /\b(?:ne |n')(?:tiens|tenez|tenir|suis|suivez|respecte|respectez|obéis|obéissez|écoute|écoutez)\p{L}{0,2} (?:pas|plus)|\b(?:beachte|befolge|folge|halte|hör|höre)\p{L}{0,2} [^.!?\n]{0,30}?nicht|\b(?:volg|luister|gehoorzaam)\p{L}{0,2} [^.!?\n]{0,24}?niet/giu;

/** Talk about attacks: what stands before a quoted or described one. */
const TALK_BEFORE =
  /\b(?:phrases?|prompts? like|such as|e\.g\.?|for example|for instance|for ex|example(?:s)?(?: is| of| are)?|examples? (?:attack|prompt)s?|called|titled|entitled|the (?:words?|string|sentence|text|term|message|line|title|attack)|says?|said|saying|type[sd]?|typing|writes?|wrote|tells? (?:the|an|your|a)|telling|told|attackers?|attack|injections?|jailbreaks?|hackers?|malicious|adversar\w+|trying to|tries to|tried to|attempts? to|attempting to|asks? (?:the|a|an|it|chatgpt)|asked (?:the|a|an)|means?|meaning|like|detect\w*|block\w*|prevent\w*|against|contain\w*|includ\w*|instruct(?:s|ed) the|trick\w*|convinc\w*|mak(?:e|es|ing) (?:the|an|it)|caus(?:e|es|ing)|getting|allows?|lets?|could|might|can|beispiel|steht|stand|lautet|satz|sätze|ausdruck|wort|worte|nachricht|phrases?|expression|expressions|mots|ejemplos?|frases?|expresión|expresiones|palabras|parole|espressione|zin|zinnen|zdanie|zdania|фраз[аыуе]?|слова|предложение|речення|cümle(?:si|yi)?|ifade(?:si|yi)?|kalimat|kata|câu|cụm từ|větu?|mening(?:en)?|exemple|ejemplo|esempio|exemplo|voorbeeld|przykład|например|örneğin|例如|比如|例えば|예를 들어)\b[^.!?\n]{0,28}$|(?:例如|比如|例えば|예를 들어|उदाहरण|مثل|攻击|攻撃|공격|像|这句|句话|句子|文字|という|라는|문장|جملة|عبارة|वाक्य)[^.!?。\n]{0,16}$/iu;
/** Questions and lessons about a thing: "what does … mean", "why do people …". */
const TALK_ABOUT =
  /\b(?:what (?:does|do|is meant|happens|would happen)|why (?:do|does|did|is|would|should)|how (?:do|does|can|would|to (?:detect|prevent|stop|protect|defend))|explain (?:why|how|what)|difference between|history of|define|definition of|is it (?:safe|possible|legal|ok)|article (?:about|on)|blog (?:post )?(?:about|on)|essay (?:about|on)|paper (?:about|on)|translate (?:the|this) (?:phrase|sentence|word)|classify|is this (?:a|an)|test cases? for|write (?:a|an) (?:detector|classifier|filter|regex|rule|test|unit test)|should (?:i|we|you|users?))\b[^.!?\n]{0,60}$/iu;
/** The same questions in other languages: "comment supprimer toutes les règles". */
const HOW_TO =
  /(?:(?:^|[\s¿(])(?:comment|wie (?:kann|können|verhinder\p{L}*|lösch\p{L}*|ignorier\p{L}*|umgeh\p{L}*|setz\p{L}*)|cómo|como (?:posso|faço|se)|come (?:posso|faccio|si)|hoe (?:kan|moet|verwijder)|hur|jak|как|як|nasıl|bagaimana|làm (?:sao|thế nào)|كيف|कैसे)\s[^.!?\n]{0,50}|(?:如何|怎么|怎样|どうやって|どうすれば|어떻게)[^。！？\n]{0,16})$/iu;
const HOW_TO_AFTER = /^[^。！？\n]{0,20}(?:にするには|する方法|するにはどう|하려면|하는 방법|하는 법)/u;
/** "Companies that ignore safety guidelines" are not told to. */
const OTHERS_WHO =
  /\b(?:people|persons?|companies|firms|users|customers|attackers|hackers|employees|workers|drivers|players|men|women|someone|anyone|those) (?:that|who|which)\b/iu;
const TALK_AFTER =
  /^["'”’»\])]{0,2}[^.\n]{0,24}\b(?:attacks?|means?|injections?|attempts?|phrases?|is a (?:common|classic|known|typical)|is an example|prompts?\b[^.\n]{0,10}\bare|as (?:a|an) (?:attack|injection|example))\b/iu;
/** Who takes back what he said himself gives the model no freedom: "forget what I said about the blue one". */
const OWN_WORDS =
  /\b(?:(?:what|whatever|the (?:thing|part|bit)) i(?:'ve| have| had)? (?:just )?(?:said|wrote|told|asked|mentioned|sent)|lo que (?:dije|te dije|escribí|pedí)|ce que j'ai (?:dit|écrit|demandé)|was ich (?:[\p{L}]+ ){0,3}(?:gesagt|geschrieben) habe|quello che ho (?:detto|scritto)|o que eu (?:disse|escrevi|pedi)|wat ik (?:[\p{L}]+ ){0,2}(?:zei|schreef)|co (?:powiedział|napisał)\p{L}{1,3}|что я (?:сказал|написал|говорил)\p{L}{0,2})/iu;
const EVERYTHING = /\b(?:everything|all|any|todo|tout|alles|tutto|tudo|wszystko|всё|все)\b/iu;
/** A name of a machine's part behind it: "override previous instructions of the pipeline". */
const OF_A_MACHINE =
  /^\s{1,3}(?:of|for|from) (?:the|a|an|this|each|its|their) (?:pipeline|parent|class|base|build|job|task runner|machine|device|compiler|cpu|recipe|module|package|program|function|method|thread|loop|kernel|manual|printer|router|script|stage|layer)/iu;
/** Lines of a log stand below each other and say nothing together. */
const LOG_LINE = /\n\s{0,4}(?:\[?\d{1,4}[-:/.]\d|(?:INFO|WARN|WARNING|ERROR|DEBUG|TRACE|FATAL|NOTICE)\b)/u;
/** "Tell nobody your code" protects the reader. */
const KEEP_SAFE =
  /password|passcode|\bpin\b|\bcode\b|\botp\b|passwort|kennwort|contraseña|código|mot de passe|senha|пароль|(?<!\p{L})код|密码|验证码|パスワード|暗証番号|コード|पासवर्ड|कोड|ओटीपी|كلمة المرور|الرمز|mật khẩu|\bmã\b|รหัส|şifre|parola|kata sandi|hasł|비밀번호|인증번호/iu;
const READER_S =
  /user|human|nutzer|benutzer|usuario|usuária|utilisateur|utente|пользовател|用户|ユーザー|사용자|المستخدم|उपयोगकर्ता|người dùng|ผู้ใช้|assistant|\bai\b/iu;
/** "May I ignore the maker's instructions?" asks for leave; it gives no order. */
const MAY_I =
  /(?:\b(?:can|may|could|must|dare) (?:i|we|one|my \p{L}{1,12})\b|\b(?:kann|darf|soll|muss) (?:ich|man)\b|\b(?:puedo|debo|podemos)\b|\bpuis-je\b|\best-ce que je (?:peux|dois)\b|\bposso\b|\bdevo\b|\bmag ik\b|\bczy mogę\b|могу ли|можно ли|чи можу|我可以|能不能|可以不|してもいい)[^.!?\n。？]{0,60}$/iu;
/** A question mark before the sentence is over. */
const ASKS = /^[^.!\n。]{0,60}[?？؟;]/u;
/** Code that tests a filter: `expect(filter("forget your rules"))`. */
const TESTED =
  /\b(?:expect|assert\w*|test|it|filter|check|detect\w*|classify|match\w*|includes?|contains?|score|judge|guard)\s?\(\s?[^)\n]{0,24}$/iu;

/** "What is a system prompt?" asks about the thing, not for the one at hand. */
const INDEFINITE =
  /\s(?:an?|ein(?:e[nmrs]?)?|une?|uno|una|uma?|een|bir|good|better|purpose|role|goal|zweck|doel|but|objetivo|scopo|difference)[\s,]/iu;
/** Others who do it: "companies that ignore safety guidelines". */
const OTHERS =
  /\b(?:people|persons?|companies|firms|users|customers|attackers|hackers|employees|workers|students|kids|children|drivers|players|men|women|they|he|she|someone|somebody|anyone|everyone|nobody|parents|teachers|politicians|criminals)(?: that| who| which)?(?: would| will| often| always| just| simply| sometimes| might| could| may| to)?\s{1,3}$/iu;
/** "The hidden rules of small talk" are not those of the model. */
const ASKED_OF_OTHERS = /^\s{1,3}(?:of|for|behind|in) (?!this (?:chat|conversation)|the (?:system|assistant|chat|conversation)|your)/iu;
/** "Without restrictions on length". */
const IN_FORM =
  /^\s{1,3}(?:on|in|as to|regarding) (?:the )?(?:format|length|style|form|size|genre|budget|colou?rs?|time|place|number|space|layout|wording)/iu;
const QUOTE = /["“”«»„「『`]|(?:^|[\s(])'/u;

/**
 * Whether a phrase is negated, quoted as an example, or talked about rather than said. Why only in combination: quotation marks or a
 * word like "example" alone would be a cheap way around every rule.
 */
export function isMention(text: string, { kind, start, end }: PhraseHit): boolean {
  // "How can I" and quotation marks are what a harmful request comes in.
  if (kind === 'pretext') return false;
  const before = text.slice(Math.max(0, start - BEFORE), start);
  if (NEGATED_BEFORE.test(before.slice(-40))) return true;
  if (kind !== 'conceal' && NEGATED_INSIDE.test(text.slice(start, end).replace(DISREGARD_BY_NOT, ' '))) return true;
  if (kind === 'extraction' && INDEFINITE.test(text.slice(start, end))) return true;
  if ((kind === 'override' || kind === 'persona') && OTHERS.test(before)) return true;
  if (kind === 'extraction' && ASKED_OF_OTHERS.test(text.slice(end, end + AFTER))) return true;
  if (kind === 'persona' && IN_FORM.test(text.slice(end, end + AFTER))) return true;
  if (kind === 'override' && OTHERS_WHO.test(text.slice(start, end))) return true;
  if (kind === 'override' && saysOfOthers(text, before, start, end)) return true;
  if (kind === 'conceal' && isSafetyAdvice(text, start, end)) return true;
  if (HOW_TO_AFTER.test(text.slice(end, end + AFTER))) return true;
  const lead = before.slice(Math.max(before.lastIndexOf('\n'), 0));
  const after = text.slice(end, end + AFTER);
  const quoted = QUOTE.test(lead.slice(-12)) || QUOTE.test(text.slice(start, end));
  if (
    quoted &&
    (TESTED.test(stripQuote(lead)) || TALK_BEFORE.test(stripQuote(lead)) || TALK_ABOUT.test(stripQuote(lead)) || TALK_AFTER.test(after))
  )
    return true;
  return TALK_ABOUT.test(lead) || HOW_TO.test(lead);
}

/** Whether a word of disregarding is about the speaker's own words, a machine, lines of a log, or asked leave for. */
function saysOfOthers(text: string, before: string, start: number, end: number): boolean {
  const said = text.slice(start, end + 24);
  if (OWN_WORDS.test(said) && !EVERYTHING.test(said)) return true;
  return (
    OF_A_MACHINE.test(text.slice(end, end + AFTER)) ||
    LOG_LINE.test(text.slice(start, end)) ||
    (ASKS.test(text.slice(end, end + AFTER)) && MAY_I.test(before))
  );
}

/** Whether secrecy is asked for a password or code, and not towards the user. */
function isSafetyAdvice(text: string, start: number, end: number): boolean {
  const near = text.slice(Math.max(0, start - 24), end + 24);
  return KEEP_SAFE.test(near) && !READER_S.test(near);
}

function stripQuote(lead: string): string {
  return lead.replace(/[\s"“”«»„「『`'(:,-]{1,8}$/u, ' ');
}
