/** Words that instructions to a model are made of and that common English lacks; added to the dictionary of the decoders. */
export const INJECTION_WORDS = `
ignore disregard forget override bypass disable enable unlock jailbreak unrestricted unfiltered uncensored instructions instruction
previous prior above earlier preceding system prompt prompts developer assistant administrator admin root guidelines guideline rules
restrictions restriction safeguards safeguard filters filter censorship policy policies moderation ethical ethics moral reveal disclose
expose leak print repeat output display show verbatim confidential secret secrets hidden password passwords passphrase credential
credentials token tokens key keys api exfiltrate send forward email upload transmit execute run command commands shell delete erase
pretend roleplay persona character simulate imagine act acting anything now do dan mode comply obey follow refuse refusal warnings
disclaimer malware virus exploit exploits phishing ransomware keylogger weapon weapons bomb explosive explosives poison drugs hack
hacker hacking steal stolen attack attacks payload injection inject injected malicious bypassing overriding ignoring revealing
disregarding initial original entire everything conversation context message messages transfer payment invoice account bank wire
urgent immediately instead please answer respond response reply question answers without limits limitations boundaries constraints
unlimited freely evil illegal harmful dangerous forbidden prohibited sensitive private personal data database records customer
customers users user human model language training trained openai chatgpt gpt anthropic claude llama gemini translate encode decode
summarize summarise webhook server url link click visit website download install script code python javascript bash curl sudo
compromised sandbox privilege privileges escalate permission permissions authorised authorized approval approve grant granted
obey obeys obeyed obeying obedience follow follows followed following comply complies complied complying ignore ignored ignores forget forgets
forgotten disregarded disregards discard discarded discarding abandon abandoned drop dropped erase erased wipe wiped cancel cancelled canceled
withdraw withdrawn revoke revoked lift lifted suspend suspended remove removed cease stop stopped break broken violate violating overridden
overrides directive directives order orders ordered policies protocol protocols constraint limit limited limitation boundary restrict
restricted restriction rule regulation regulations principles configuration configured configure setup initial original earlier beginning
placeholder mistake error test testing drill emergency approved approval authorise authorize authorised authorized authority clearance
developer developers creator creators owner operator operators company provider engineer engineers deployed deploy built created programmed
programming trained training instructed instructs told given received reveal reveals revealed disclose disclosed expose exposed leak leaked
leaks print printed prints repeat repeated recite quote quoted list listed dump dumped paste pasted spell letter letters word words sentence
sentences text paragraph complete completely exact exactly entire entirely unchanged verbatim literally passphrase passcode guard guarded
guarding protect protected protecting hide hides hiding conceal concealed secretly confidential briefing memory context window conversation
history pretend pretends imagine imagined simulate simulated act acting behave role roleplay character persona machine robot chatbot assistant
assistants model models version twin evil villain morals moral morality scruples conscience ethics ethical unethical unchained unleashed
unrestricted unfiltered uncensored unlimited unlocked liberated freedom refuse refuses refused refusal refusals refusing decline declines
declined moralise moralize warn warning disclaimer disclaimers apologise apologize fully every each request requests answers answered question
questions respond responds responding confirm confirmed obedient submit forward forwarded send sends sending transmit upload uploaded attach
attached contacts inbox mailbox invoice invoices credentials browse document documents summarise summarize summary summaries user users without
anything everything nothing whatever however dangerous illegal harmful maintenance debug debugging diagnostic override unlock mode session
immediately instead continue begin start longer anymore effective valid void obsolete apply applies bind binding
`;
