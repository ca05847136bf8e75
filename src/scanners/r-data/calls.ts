import type { RValue } from '../../formats/r-data/walk.ts';

/** Functions that start programs, load native code, fetch or run foreign source, open connections or delete files. */
const DANGEROUS: ReadonlySet<string> = new Set(
  `system system2 shell shell.exec pipe fifo socketConnection serverSocket dyn.load library.dynam source sys.source download.file
   install.packages unlink load pskill run_process run exec_wait exec_internal exec_background sourceCpp cppFunction evalCpp cfunction
   py_run_string py_eval py_run_file source_url source_gist source_python install_github curl_download`.split(/\s+/),
);

/** Names that are only dangerous when a package says so, because models use them for columns and methods as well. */
const ONLY_QUALIFIED: ReadonlySet<string> = new Set(['load', 'run', 'source', 'pipe', 'shell']);

/** Functions that call what their first argument names. */
const INDIRECT: ReadonlySet<string> = new Set([
  'do.call',
  'get',
  'get0',
  'mget',
  'match.fun',
  'match.arg.fun',
  'Reduce',
  'Map',
  'Filter',
  'lapply',
  'sapply',
  'vapply',
  'Recall',
  'getFunction',
  'dynGet',
]);

/** Functions that turn text into code. */
const EVALUATORS: ReadonlySet<string> = new Set([
  'eval',
  'evalq',
  'parse',
  'str2lang',
  'str2expression',
  'eval.parent',
  'local',
  'delayedAssign',
  'makeActiveBinding',
]);

/** The dangerous function that a call ends in, or undefined. */
export function dangerousCallee(head: string, args: readonly RValue[]): string | undefined {
  const plain = head.slice(head.lastIndexOf(':') + 1);
  if (head.includes('::') && DANGEROUS.has(plain)) return head;
  if (DANGEROUS.has(head) && !(ONLY_QUALIFIED.has(head) && args.length === 0)) return head;
  const named = INDIRECT.has(plain)
    ? args.slice(0, 2).find(({ text, head: called }) => isDangerousName(text) || isDangerousName(called))
    : undefined;
  return named && `${plain}(${named.text ?? named.head})`;
}

/** True for a function that evaluates text or expressions. */
export function isEvaluator(head: string): boolean {
  return EVALUATORS.has(head.slice(head.lastIndexOf(':') + 1));
}

function isDangerousName(name: string | undefined): boolean {
  if (name === undefined) return false;
  const plain = name.slice(name.lastIndexOf(':') + 1);
  return DANGEROUS.has(plain) && (name.includes('::') || !ONLY_QUALIFIED.has(plain));
}

/** Functions that only select, combine or compare data: what ordinary unevaluated arguments consist of. */
const ORDINARY: ReadonlySet<string> = new Set(
  `$ @ [ [[ ( { : + - * / ^ %% %/% %in% %*% == != < > <= >= & && | || ! ~ = <- if c list data.frame matrix cbind rbind rep seq seq_len seq_along
   length nrow ncol dim names colnames rownames is.na is.null ifelse factor as.factor as.numeric as.integer as.character as.data.frame as.matrix as.formula
   formula subset head tail log exp sqrt abs sum mean sd var min max round nchar paste paste0 format unlist which order sort rev unique table scale
   model.frame model.matrix terms update missing quote substitute match.arg function numeric character logical integer vector
   stats::formula stats::as.formula :: ::: control glm.control lm.control gaussian binomial poisson Gamma`.split(/\s+/),
);

/** True for a call that ordinary data analysis leaves unevaluated. */
export function isOrdinaryCall(head: string): boolean {
  return ORDINARY.has(head);
}
