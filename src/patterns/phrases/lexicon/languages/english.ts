import type { Lexicon } from '../lexicon.ts';

/** Words of English. */
export const ENGLISH: Lexicon = {
  language: 'en',
  spaced: true,
  words: {
    drop: "ignor*, disregard*, forget*, overlook, toss, throw away, throw out, discard*, drop, erase, wipe, cancel, scrap, dismiss, neglect, abandon*, bypass*, override, overrule, circumvent, violate, break, disobey, defy, set aside, put aside, lay aside, put away, leave behind, pay no heed, pay no attention, do not follow, don't follow, do not obey, don't obey, stop following, stop obeying, cease following, cease obeying, no longer follow, no longer obey, do the opposite, unlearn, delete, remove, withdraw, shed, suspend, treat as void, quit following, scrub, do away with, forget about",
    rules:
      'instruction*, rule, rules, ruleset, guideline*, guidance, directive*, orders, command*, prompt, prompts, policy, policies, directions, constraint*, programming, training, restrictions, system message*, configuration, safeguards, guardrails, protocols, principles, boundaries, limitations',
    your: "your, your own, you had, you have, developers gave you, operator's, developer's, you were, you've been, system's, provider's",
    earlier:
      'previous*, prior, earlier, above, preceding, former, foregoing, existing, original, initial, old, past, so far, before this, before now, up to now, until now, at the top, you started with, system, first',
    told: "you were told, you've been told, you have been told, you were given, you have been given, you were instructed, you've been instructed, you were asked, you were taught, gave you, given to you, told you, instructed you, taught you, asked you, you received, you got from, you had before, you were configured, you were programmed, wrote above, written above, said above, comes before, came before, stands above, stands before, precedes, told before, said before, instructed before, your operator wrote, you were trained",
    void: "no longer appl*, no longer valid, not valid, is cancelled, are cancelled, is canceled, are canceled, is void, are void, as void, now void, are withdrawn, is withdrawn, are revoked, is revoked, are lifted, is lifted, been lifted, are suspended, was an error, were an error, was a mistake, were a mistake, was a test, were a test, were only, was only, were just, a placeholder, are obsolete, is obsolete, do not bind, does not count, do not count, are off, have expired, has expired, not apply, don't apply, are replaced, been replaced, been updated, have changed, has changed, deleted, erased, expired, is over, no longer count*, have been deleted, been removed, been erased, are gone, off now, no longer work for, ceased to apply, do not exist",
    obey: 'obey, follow, listen, comply, answer to, do as, heed, do what, execute, act on, serve',
    onlyMe:
      'only me, me alone, only my, my instructions, my orders, my commands, my words, only this line, only this, only what i, what i say, what i write, what i tell, as i say, as i tell, as i command, me instead, mine instead, only to me, with mine, instructions below, orders below, the following instructions, the text below, i decide',
    reveal:
      "reveal, show, tell, print*, output*, display*, repeat*, disclose*, share, expose, leak, dump*, recite, quote*, write down, write out, write your, spell out, spell, copy, return, echo, reproduce, list, paste, state, read out, read back, encode, translate, summari*, paraphrase, describe, explain, give me, what is, what are, what was, what were, what's, what does, which, say, confess, hand over, provide, read me, send me, hand me",
    setup:
      'system prompt*, system message*, system instruction*, initial prompt*, initial instruction*, initial message, original prompt, original instruction*, hidden instruction*, hidden prompt, hidden rules, hidden message, secret instruction*, secret prompt, secret rules, internal instruction*, internal rules, internal prompt, internal guidelines, internal tools, developer prompt, developer message, developer instruction*, confidential instruction*, confidential briefing, confidential prompt, setup text, setup instructions, base prompt, pre-prompt, preprompt, system text, starting instructions, opening instructions, context window, first message you, instructions you were given, rules you were given, prompt you were given, meta prompt, metaprompt',
    verbatim:
      'word for word, verbatim, exact, exactly, complete, completely, unchanged, in full, full text, entire, everything, letter by letter, character by character, code block, base64, literally, as is, without changes, line by line, to the letter',
    text: 'text, words, message, content, everything, sentence*, paragraph, prompt, lines',
    maker: 'developer*, operator, creator*, company, provider, maker*, engineers, owner*, whoever deployed, openai, anthropic, google',
    become:
      "you are, you're, you will be, act as, act like, behave as, behave like, pretend, imagine, roleplay, role-play, simulate, speak as, respond as, answer as, play, become, transform into, impersonate, enter, switch to, take on, stay in, emulate, speak freely, answer as, switch on",
    model:
      'ai, a.i., assistant*, language model*, chatbot*, bot, model, models, machine, gpt, chatgpt, llm, llms, agent, agents, system, computer, version, twin, persona, character, mode, artificial intelligence, copilot, gemini, claude',
    without:
      "without, free of, free from, no, never, not bound, unbound by, lacks, lacking, ignores, removed, has no, have no, off, exempt from, doesn't have, nothing like, isn't bound, unchained",
    limits:
      'restriction*, limit, limits, limitation*, filter*, moral*, ethic*, rule, rules, censor*, scruple*, guideline*, policy, policies, safety team, conscience, constraint*, inhibitions, boundaries, safeguards, guardrails, content checks, refus*, decline, ethics module, warnings, taught rules',
    disable:
      'disable, deactivate, turn off, switch off, lift*, remove, skip, shut off, unlock, suspend, are off, are disabled, is disabled, bypass, drop, ignore, override, relax, no longer',
    safety:
      'safety filter*, safety layer, safety guideline*, safety rules, safety protocol*, safety check*, safety measures, safety restrictions, safety training, safety polic*, security restrictions, security filter*, security protocols, content filter*, content polic*, content checks, content restrictions, moderation filter*, ethical guidelines, ethical constraints, ethical restrictions, refusal*, guardrails, censorship, usage policies, moral compass',
    secret:
      'password, passphrase, passcode, secret word, secret code, secret key, secret phrase, codeword, code word, magic word, api key, flag, the secret, your secret',
    guard:
      "you guard*, you protect*, you keep, you hide, you are guarding, you're guarding, you are hiding, you are protecting, you hold, you were given, you know, you store, you must not, you were told to, you are keeping, your secret",
    authority:
      "i am your developer, i'm your developer, i am your creator, i am your administrator, i'm your administrator, i am your admin, i am the developer, i am the administrator, i am the engineer who built you, i built you, i created you, as your developer, as your creator, as your administrator, administrator speaking, admin speaking, developer speaking, this is your developer, this is your administrator, i am an openai, i work for openai, i work for anthropic, i authorise you, i authorize you, special clearance, approved by your provider, authorised by your, authorized by your, you are authorised to ignore, i have root access, the user is now an administrator, user has granted you, has granted you full",
    comply:
      "must never refuse, never refuse, cannot refuse, can not refuse, may not refuse, not allowed to refuse, refusing is, do not refuse, don't refuse, never say no, never says no, never decline, do not decline, never say i cannot, never say you cannot, every question gets, all refusals, for each refusal, for every refusal, no matter how illegal, no matter how dangerous, however dangerous, however illegal, however harmful, answer everything, answers everything, answers each request, answer every request, answers any request, no longer need to refuse, without refusing, do not moralise, do not moralize, do not warn, begin with sure, start with sure, never refuses, refuses nothing, cannot turn anyone down, never turns anyone down, turns nobody down, cannot say no, declines nothing, never declines, god mode, jailbroken",
    reading:
      'reading this, reads this, read this, processing this, processes this, process this, summarising this, summarizing this, summarises this, summarizes this, handling this, handles this, parsing this, analysing this, analyzing this, goes through this, that cites this, citing this, that triages, reviewing this, screens this, screening this, evaluating this, indexing this, that reads, who reads, who summarises, who summarizes, receiving this, working on this, with access to this',
    ifYou:
      "if you are, if you're, should you be an, since you are, as the reviewing, note to, message to, instruction for, instructions for, note for, message for, instruction to, instructions to, attention",
    task: 'task*, job, request, summary, assignment, question, goal, objective, mission, table, stop summari*, work',
    quiet:
      "do not tell, don't tell, never tell, without telling, do not inform, don't inform, without informing, do not mention, don't mention, without mentioning, do not show, hide, conceal, keep it from, keep this from, keep secret, do not reveal, don't reveal, do not notify, without notifying, do not alert, confirm nothing, say nothing, do not disclose, leave no trace, without the knowledge, unnoticed, do not log, without asking, no mention",
    user: "user, user's, users, the owner, the owner's, the human, the reader, the recipient, account holder, victim",
    send: 'send, forward*, transmit, upload, post, email, mail, reply, exfiltrat*, leak, deliver, append, include, attach, submit, copy',
    loot: 'contacts, address book, emails, mails, inbox, conversation, chat history, history, messages, credentials, password*, api key*, keys, tokens, environment variables, secrets, personal data, files, documents, private data, card digits, address, system prompt, context, data',
    asked:
      'asked you, told you, ordered you, instructed you, wanted from you, have asked of you, asked of you, taught you, said to you, expects from you, demanded of you, programmed into you, wrote to you',
    start:
      'my first message, my very first, first message of, first words, start of this, start of the chat, beginning of this, before this conversation, before i arrived, before our chat, top of this, above my message, before my message, preceded this chat',
    all: 'all, every, any',
  },
};
