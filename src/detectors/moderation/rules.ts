import type { Rule } from '../../core/rule.ts';

const HARM = {
  severity: 'high',
  why: 'Harmful text hurts whoever reads it, and the operator answers for what the application says.',
  fix: 'Refuse the text, or raise the threshold of the category where the service is too strict for this application.',
  maps: ['OWASP-LLM05:2025'],
} as const;

/** What moderation services find, in words that are the same for all of them. The categories of each are in its table. */
export const MODERATION_RULES = [
  { id: 'moderation.hate', title: 'Hate against people for what they are', ...HARM },
  { id: 'moderation.harassment', title: 'Harassment, insults or threats', ...HARM },
  { id: 'moderation.profanity', title: 'Profane language', ...HARM, severity: 'medium' },
  { id: 'moderation.self-harm', title: 'Suicide or self-harm', ...HARM },
  { id: 'moderation.sexual', title: 'Sexual content', ...HARM },
  { id: 'moderation.sexual-minors', title: 'Sexual content that involves minors', ...HARM, severity: 'critical' },
  { id: 'moderation.violence', title: 'Violence', ...HARM },
  { id: 'moderation.weapons', title: 'Help with weapons that kill many', ...HARM, severity: 'critical' },
  { id: 'moderation.illicit', title: 'Help with crimes', ...HARM },
  { id: 'moderation.advice', title: 'Advice that only a professional may give', ...HARM, severity: 'medium' },
  { id: 'moderation.defamation', title: 'Defamation of real people', ...HARM },
  { id: 'moderation.elections', title: 'False statements about elections', ...HARM },
  { id: 'moderation.copyright', title: 'Infringement of intellectual property', ...HARM, severity: 'medium' },
  {
    id: 'moderation.privacy',
    title: 'Help with exposing people’s private life',
    severity: 'high',
    why: 'Who exposes people’s data violates their rights, and the law in most places.',
    fix: 'Refuse the text.',
    maps: ['OWASP-LLM02:2025', 'CWE-359'],
  },
  {
    id: 'moderation.pii',
    title: 'Personal data found by a service',
    severity: 'medium',
    why: 'Personal data in prompts reaches model providers, logs and training sets; in answers it reaches whoever asked.',
    fix: 'Replace it (mode redact).',
    maps: ['OWASP-LLM02:2025', 'CWE-359'],
  },
  {
    id: 'moderation.jailbreak',
    title: 'An attempt to override the model’s instructions',
    severity: 'high',
    why: 'A model that follows the instructions of its users instead of its operator says and does what they want.',
    fix: 'Refuse the prompt.',
    maps: ['OWASP-LLM01:2025', 'ATLAS:AML.T0051.000', 'ATLAS:AML.T0054'],
  },
  {
    id: 'moderation.document-attack',
    title: 'Instructions to the model inside of a document',
    severity: 'high',
    why: 'Instructions in retrieved text make the model act for whoever wrote it, with the rights of whoever reads it.',
    fix: 'Leave the document out, and restrict what tools may do once untrusted text is in the conversation.',
    maps: ['OWASP-LLM01:2025', 'ATLAS:AML.T0051.001'],
  },
  {
    id: 'moderation.code-abuse',
    title: 'Abuse of a code interpreter',
    severity: 'high',
    why: 'Code that the model runs for its user can attack the machine that it runs on.',
    fix: 'Refuse the text, and run code in a sandbox without secrets.',
    maps: ['OWASP-LLM06:2025'],
  },
  {
    id: 'moderation.policy',
    title: 'The service refused the text for a reason of its own',
    severity: 'high',
    why: 'Denied topics, word lists and categories that are configured with the service, or newer than this version of Cordon.',
    fix: 'Look at the configuration of the service.',
    maps: [],
  },
] as const satisfies readonly Rule[];

/** Ids of the rules of moderation. */
export type ModerationRuleId = (typeof MODERATION_RULES)[number]['id'];
