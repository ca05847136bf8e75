import type { FileSubject } from '../../core/subject.ts';
import { latin1 } from '../../formats/bytes/read.ts';

const SHELL_NAMES = /\.(sh|bash|zsh|ksh|csh|fish|bat|cmd|ps1|psm1|vbs|hta|command)$/i;
const SHELL_LINE = /^#!\s*\/(?:usr\/(?:local\/)?)?bin\/(?:env\s+(?:-S\s+)?)?(?:ba|z|k|c|tc|da|a|fi)?sh\b/;
const BATCH_LINE = /^\s*@echo\s+off\b/i;

/** Why bounded repetition: the patterns run over hostile text and must stay linear. */
const DOWNLOAD_AND_RUN: readonly RegExp[] = [
  /\b(?:curl|wget|fetch|aria2c)\b[^\n|]{0,400}\|\s*(?:sudo\s+(?:-\w+\s+)?)?(?:env\s+)?(?:\/[\w/]{1,40}\/)?(?:(?:ba|z|k|da|a)?sh|python[\d.]*|perl|ruby|node)\b/,
  /\b(?:eval|source|\.|(?:ba|z|k|da|a)?sh(?:\s+-c)?)\s{1,20}["']?(?:\$\(|<\(|`)\s*(?:curl|wget)\b/,
  /\bbase64\s+(?:-d|-D|--decode)\b[^\n|]{0,200}\|\s*(?:sudo\s+)?(?:(?:ba|z|k|da|a)?sh|python[\d.]*|perl)\b/,
  /\/dev\/(?:tcp|udp)\/[\w.$-]{1,100}\/[\w$]{1,20}/,
  /\b(?:iex|invoke-expression)\b[^\n]{0,200}\b(?:downloadstring|invoke-webrequest|iwr|irm|invoke-restmethod)\b/i,
  /\b(?:downloadstring|invoke-webrequest|iwr|irm|invoke-restmethod)\b[^\n]{0,400}\|\s*(?:iex|invoke-expression)\b/i,
  /\bpowershell(?:\.exe)?\b[^\n]{0,200}\s-(?:e|en|enc|encodedcommand)\s+[A-Za-z0-9+/=]{40}/i,
  /\bcertutil(?:\.exe)?\b[^\n]{0,100}-(?:urlcache|decode)\b/i,
  /\b(?:mshta|regsvr32)(?:\.exe)?\b[^\n]{0,100}\bhttps?:/i,
];

/** True for text that a command interpreter of an operating system runs. */
export function isShellScript({ format, name, head }: FileSubject): boolean {
  if (format !== 'text') return false;
  const start = latin1(head.subarray(0, 128));
  return SHELL_NAMES.test(name) || SHELL_LINE.test(start) || BATCH_LINE.test(start);
}

/** The first line that fetches or decodes something and runs it at once; undefined when there is none. */
export function downloadAndRun(text: string): { line: number; excerpt: string } | undefined {
  const joined = text.replace(/[\\^`]\r?\n/g, '  ');
  for (const pattern of DOWNLOAD_AND_RUN) {
    const match = pattern.exec(joined);
    if (match) return { line: joined.slice(0, match.index).split('\n').length, excerpt: match[0].slice(0, 160) };
  }
  return undefined;
}
