/** A pattern for code that does harm where it is run. */
export interface CodePattern {
  readonly rule: 'unsafe-output.script' | 'unsafe-output.sql' | 'unsafe-output.shell';
  readonly regex: RegExp;
  /** Of which each match holds one. Why: looking for a sign costs a tenth of trying the expression everywhere, and most texts have none. */
  readonly signs: readonly string[];
  /** Where the text is an argument of a tool, that is, about to be run. */
  readonly score: number;
  /** Where the text is shown: code in an answer is mostly what was asked for. */
  readonly inText: number;
}

function script(signs: readonly string[], source: string, inText: number): CodePattern {
  return { rule: 'unsafe-output.script', regex: new RegExp(source, 'gi'), signs, score: 0.9, inText };
}

function sql(signs: readonly string[], source: string, inText = 0.6): CodePattern {
  return { rule: 'unsafe-output.sql', regex: new RegExp(source, 'gi'), signs, score: 0.9, inText };
}

function shell(signs: readonly string[], source: string, inText = 0.6): CodePattern {
  return { rule: 'unsafe-output.shell', regex: new RegExp(source, 'g'), signs, score: 0.95, inText };
}

/** For expressions without a common sign. */
const ANY: readonly string[] = [''];

/** All of them; every quantifier is bounded, so that any text is read in linear time. */
export const CODE_PATTERNS: readonly CodePattern[] = [
  script(['<'], '<script\\b[^<>]{0,300}>', 0.75),
  script(
    ['<'],
    '<(?:img|svg|body|iframe|input|details|video|audio|object|embed|a|div|marquee|math|style|form|button)\\b[^<>]{0,300}?[\\s/"\']on(?:error|load|click|mouse[a-z]{1,10}|focus|toggle|start|begin|pointer[a-z]{1,10}|animation[a-z]{1,10}|submit|key[a-z]{1,10})\\s{0,3}=',
    0.8,
  ),
  script(
    ['<'],
    '<(?:iframe|embed|object|base|meta)\\b[^<>]{0,300}?(?:src(?:doc)?|data|href|content)\\s{0,3}=\\s{0,3}["\']?\\s{0,3}(?:javascript|data:text/html|vbscript)',
    0.85,
  ),
  script(['](', '='], '(?:\\]\\(|href\\s{0,3}=\\s{0,3}["\']?|src\\s{0,3}=\\s{0,3}["\']?)\\s{0,3}(?:javascript|vbscript)\\s{0,3}:', 0.85),
  sql(
    ['=', '--', ';', '#'],
    "(?:'|\"|\\b\\d{1,10})\\s{0,5}\\)?\\s{1,5}or\\s{1,5}(?:'([^'\\s]{1,20})'\\s{0,3}=\\s{0,3}'\\1|(\\d{1,6})\\s{0,3}=\\s{0,3}\\2\\b|true\\b\\s{0,3}(?:--|;|#))",
  ),
  sql(
    ["'", '"', ';'],
    '[\'";]\\s{0,5}(?:drop|truncate|alter)\\s{1,5}(?:table|database|schema)\\s{1,5}[\\w."`\\[\\]]{1,80}\\s{0,5}(?:;|--|cascade)',
  ),
  sql(
    [';'],
    '\\b(?:select|insert|update|delete)\\b[^;]{1,500};\\s{0,5}(?:drop|truncate|delete|update|insert|alter|exec|grant|shutdown|create\\s{1,3}user)\\b[^\\n]{1,80}',
    0.4,
  ),
  sql(["'"], "'\\s{0,5}union\\s{1,5}(?:all\\s{1,5})?select\\b"),
  sql(
    ANY,
    '\\b(?:xp_cmdshell|into\\s{1,5}(?:out|dump)file|load_file\\s{0,3}\\(|waitfor\\s{1,5}delay|pg_sleep\\s{0,3}\\(|benchmark\\s{0,3}\\(\\s{0,3}\\d{5})',
  ),
  sql(
    ANY,
    '^\\s{0,20}(?:drop\\s{1,5}(?:table|database|schema)|truncate\\s{1,5}table|delete\\s{1,5}from\\s{1,5}[\\w."`]{1,80}\\s{0,5}(?:;|$))',
    0.4,
  ),
  shell(
    ['/', '~', '$'],
    '\\brm\\s{1,3}(?:-[a-zA-Z]{1,10}\\s{1,3}){0,3}-[a-zA-Z]{0,5}[rR][a-zA-Z]{0,5}\\s{1,3}(?:--no-preserve-root\\s{1,3})?["\']?(?:/(?:\\*|etc|usr|home|var|boot|bin|lib|root)?|~|\\$HOME)(?=[\\s"\';&|/*]|$)',
  ),
  shell(['|'], '\\b(?:curl|wget|fetch)\\b[^\\n|;]{1,400}\\|\\s{0,3}(?:sudo\\s{1,3})?(?:ba|z|da|k)?sh\\b'),
  shell(['|'], '\\b(?:curl|wget|fetch)\\b[^\\n|;]{1,400}\\|\\s{0,3}(?:sudo\\s{1,3})?(?:python[0-9.]{0,4}|perl|ruby|node|php)\\b'),
  shell(['/dev/tcp/'], '\\b(?:ba|z)?sh\\s{1,3}-i\\s{0,3}[>&]{1,2}\\s{0,3}/dev/tcp/', 0.75),
  shell(['/dev/'], '/dev/(?:tcp|udp)/[\\w.$-]{1,100}/\\d{1,5}', 0.7),
  shell(['/bin/'], '\\bn(?:et)?c(?:at)?\\s{1,3}(?:-[a-zA-Z]{1,8}\\s{1,3}){0,4}[^\\n|;]{0,100}-[a-z]{0,3}e\\s{1,3}/bin/(?:ba)?sh', 0.75),
  shell(['/dev/'], '\\bmkfs(?:\\.[a-z0-9]{2,6})?\\s{1,3}[^\\n]{0,60}/dev/|\\bdd\\s{1,3}[^\\n]{0,100}\\bof=/dev/(?:sd|nvme|hd|vd|disk)'),
  shell(['|'], ':\\(\\)\\s{0,3}\\{\\s{0,3}:\\s{0,3}\\|\\s{0,3}:\\s{0,3}&\\s{0,3}\\}\\s{0,3};\\s{0,3}:', 0.7),
  shell(['|'], '\\bbase64\\s{1,3}(?:-d|-D|--decode)\\b[^\\n;]{0,60}\\|\\s{0,3}(?:ba|z)?sh\\b', 0.75),
  shell(
    ['@', '$(', '`'],
    '\\b(?:curl|wget)\\b[^\\n]{0,300}(?:-d|--data(?:-binary|-raw)?|-F|--post-file|-T|--upload-file)[\\s=]{1,3}["\']?[^\\n]{0,60}(?:@|\\$\\(|`)[^\\n]{0,60}(?:/etc/passwd|\\.ssh|\\.env|\\.aws|id_rsa|credentials|env\\b)',
    0.75,
  ),
  shell(
    ['powershell', 'pwsh'],
    '\\b(?:powershell|pwsh)\\b[^\\n]{0,200}(?:-e(?:nc(?:odedcommand)?)?\\s{1,3}[A-Za-z0-9+/=]{40}|DownloadString|iex\\b|Invoke-Expression)',
    0.75,
  ),
];
