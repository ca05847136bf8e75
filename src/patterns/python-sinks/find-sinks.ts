import { calleeKind, type CalleeKind, canonicalPath } from './catalogue.ts';
import { calledOnImport, type Program, runsAt } from './runs-at.ts';
import type { Sink, SinkKind, Use } from './sink.ts';

const SENSITIVE_PATH =
  /(?:^|[/\\~])(?:\.ssh[/\\]|\.ssh$|\.aws[/\\]credentials|\.netrc|\.bashrc|\.bash_profile|\.zshrc|\.git-credentials|\.kube[/\\]config|\.docker[/\\]config\.json|authorized_keys|id_rsa|id_ed25519)|^\/etc\/(?:shadow|sudoers|cron|ld\.so\.preload|profile\.d)|\.config\/autostart|LaunchAgents|\\Start Menu\\Programs\\Startup|\.cache\/huggingface\/token/i;
const REVERSE_SHELL = /\/dev\/(?:tcp|udp)\/|\bnc(?:at)?\s+(?:-\w+\s+)*-e\b|\bmkfifo\b.+\bnc\b/;
const FETCH_AND_RUN =
  /\b(?:curl|wget|iwr|invoke-webrequest)\b[^|;&]*(?:\||;|&&)\s*(?:sudo\s+)?(?:ba|z|da)?(?:sh|python\d?|iex)\b|powershell.+(?:-enc|-e |downloadstring)/i;
const SECRET_NAME = /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE/i;
const IDENTITY = new Set(['socket.gethostname', 'socket.getfqdn', 'getpass.getuser', 'platform.node', 'os.getlogin', 'platform.uname']);
const MODULES_BY_NAME = /^(?:os|subprocess|builtins(?!\.(?:object|type))|sys|importlib|pty|ctypes|shutil|<module>)\b/;
const EVALUATES = /^builtins\.(?:eval|exec|compile|execfile)$|^(?:marshal|types|runpy|code)\./;
/** Functions of the C library and of Windows that start a process or make memory executable. */
const SYSTEM_CALL =
  /\.(?:system|_?popen|_?exec[lv]p?e?|fork|WinExec|CreateProcess[AW]|ShellExecute(?:Ex)?[AW]|VirtualAlloc(?:Ex)?|mprotect|CreateThread)$/;
const SENDS = /\.(?:post|put|patch|request|urlopen|send|sendall|sendto|connect|sendmail|get|storbinary)$/;

/** The dangerous uses of a file, each (kind, callee) once, those that run on import first to be kept. */
export function findSinks(program: Program): Sink[] {
  const reached = calledOnImport(program);
  const found = new Map<string, Sink>();
  const add = (kind: SinkKind, callee: string, use: Use): void => {
    const sink: Sink = { kind, callee, line: use.line, runsAt: runsAt(use, reached) };
    const key = `${kind} ${callee}`;
    const known = found.get(key);
    if (known === undefined || (known.runsAt !== 'import' && sink.runsAt === 'import')) found.set(key, sink);
  };
  for (const use of program.uses) {
    for (const path of use.callee) {
      const callee = canonicalPath(path);
      for (const kind of kindsOf(callee, use)) add(kind, callee, use);
    }
    const hidden = use.called ? use.texts.find((text) => text.length < 200 && !/\s/.test(text) && SENSITIVE_PATH.test(text)) : undefined;
    if (hidden !== undefined) add('sensitive-path', hidden.slice(0, 80), use);
  }
  const shell = reverseShell(program.uses);
  if (shell !== undefined) add('reverse-shell', 'os.dup2', shell);
  return [...found.values()];
}

function kindsOf(callee: string, use: Use): SinkKind[] {
  if (callee.endsWith('.<computed>')) return MODULES_BY_NAME.test(callee) ? ['computed-name'] : [];
  if (/\.__(?:base|bases|mro)__.*\.__subclasses__$|^builtins\.object\.__subclasses__$/.test(callee)) return ['computed-name'];
  const kind = calleeKind(callee);
  const feeds = (wanted: CalleeKind): boolean => use.sources.some((source) => feeder(canonicalPath(source)) === wanted);
  switch (kind) {
    case 'dynamic-code':
      // Why: `isinstance(f, types.FunctionType)` is ordinary; what is named to be called later is called under its own name.
      if (!use.called && !callee.startsWith('builtins.')) return [];
      if (!EVALUATES.test(callee)) return [kind];
      return [feeds('network') ? 'downloaded-code' : feeds('decode') ? 'decoded-code' : kind];
    case 'process':
      return [processKind(use, feeds)];
    case 'unsafe-load':
      return [feeds('network') ? 'downloaded-code' : kind];
    case 'import-module':
      if (!use.called || use.first !== undefined) return [];
      return callee === 'builtins.__import__' || feeds('decode') ? ['computed-name'] : [];
    case 'network':
      if (!use.called) return [];
      return sendsSecrets(callee, use) ? ['exfiltration'] : [kind];
    case 'native-code':
      return [SYSTEM_CALL.test(callee) ? 'process' : kind];
    case 'deletes-files':
    case 'package-install':
      return [kind];
    default:
      return [];
  }
}

/** What a source of data is: unmarshalling counts as decoding. */
function feeder(path: string): CalleeKind | undefined {
  return path.startsWith('marshal.load') ? 'decode' : calleeKind(path);
}

function processKind(use: Use, feeds: (kind: CalleeKind) => boolean): SinkKind {
  if (use.texts.some((text) => REVERSE_SHELL.test(text))) return 'reverse-shell';
  if (feeds('network') || use.texts.some((text) => FETCH_AND_RUN.test(text))) return 'downloaded-code';
  if (feeds('decode')) return 'decoded-code';
  const words = use.texts.flatMap((text) => text.split(/\s+/));
  return words.some((word) => /^(?:pip|conda|uv|npm|apt|apt-get)\d?$/.test(word)) && words.includes('install')
    ? 'package-install'
    : 'process';
}

function sendsSecrets(callee: string, use: Use): boolean {
  if (!SENDS.test(callee)) return false;
  const inputs = [...use.sources, ...use.passed].map(canonicalPath);
  if (inputs.some((input) => input === 'os.environ' || /^os\.environb?\.(?:items|copy|values)/.test(input))) return true;
  if (inputs.some((input) => IDENTITY.has(input)) && !callee.startsWith('socket.')) return true;
  const readsEnvironment = inputs.some((input) => /^os\.(?:environ|getenv)/.test(input));
  return readsEnvironment && !use.keywords.includes('headers') && use.texts.some((text) => SECRET_NAME.test(text));
}

/** A socket whose descriptors become standard input and output of a shell. */
function reverseShell(uses: readonly Use[]): Use | undefined {
  const called = (test: (path: string) => boolean): Use | undefined =>
    uses.find((use) => use.callee.some((path) => test(canonicalPath(path))));
  const dup = called((path) => path === 'os.dup2');
  if (dup === undefined || called((path) => /^socket\.(?:socket|create_connection)\b/.test(path)) === undefined) return undefined;
  return called((path) => calleeKind(path) === 'process') === undefined ? undefined : dup;
}
