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
`;
