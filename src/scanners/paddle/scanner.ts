import type { Observation } from '../../core/finding.ts';
import { fileScanner } from '../../core/plugin.ts';
import { printable } from '../../core/printable.ts';
import { type PaddleOperator, readPaddle } from '../../formats/paddle/read.ts';
import { escapeOf } from '../../formats/path/escape.ts';
import { PADDLE_RULES, type PaddleRuleId } from './rules.ts';

type Seen = Observation<PaddleRuleId>;

const PYTHON = new Set(['py_func', 'py_layer', 'pylayer']);
/** Operators that load and save by path: part of training programs under plain names, a danger under others. */
const FILES = new Set(['load', 'save', 'load_combine', 'save_combine', 'sparse_tensor_load', 'sparse_tensor_save', 'read_file']);
const NETWORK =
  /^(?:listen_and_serv|heter_listen_and_serv|send|recv|send_and_recv|fetch_barrier|send_barrier|prefetch|gen_nccl_id|c_gen_\w+_id|c_gen_nccl_id|checkpoint_notify|distributed_lookup_table|pull_\w+|push_\w+|recv_save)$/;
const ENGINE = /^(?:tensorrt_engine|lite_engine|dlnne_engine|anakin_engine|ipu_runtime|cinn_launch|run_program)$/;

/** Reads Paddle programs: operators that reach beyond the computation. */
export const paddle = fileScanner({
  id: 'paddle',
  title: 'PaddlePaddle programs',
  rules: PADDLE_RULES,
  accepts: (subject) => subject.format === 'paddle',
  *inspect({ source }, context) {
    const totals = { operators: 0, variables: 0 };
    const seen = new Set<string>();
    for (const event of readPaddle(source, context.budget)) {
      if (event.kind === 'version') context.fact('format.version', event.value);
      else if (event.kind === 'variable') totals.variables++;
      else {
        totals.operators++;
        const observation = judge(event.operator);
        if (observation === undefined || seen.has(observation.key) || seen.size >= 1000) continue;
        seen.add(observation.key);
        yield observation;
      }
    }
    context.fact('paddle', totals);
  },
});

function judge({ type, texts, offset }: PaddleOperator): Seen | undefined {
  const paths = texts.get('file_path') ?? texts.get('filename') ?? [];
  const path = paths.find((value) => escapeOf(value) !== undefined);
  const operator = printable(type).slice(0, 100);
  const found = (rule: PaddleRuleId, does: string, argument?: string): Seen => {
    const shown = argument === undefined ? '' : printable(argument).slice(0, 200);
    return {
      rule,
      key: `${operator} ${shown}`.trim(),
      message: `Operator ${operator} ${does}${shown === '' ? '' : `: "${shown}"`}.`,
      at: { offset },
      evidence: { operator, ...(shown === '' ? {} : { path: shown }) },
    };
  };
  if (PYTHON.has(type)) return found('paddle.python-call', 'calls a Python function');
  if (FILES.has(type) && (path !== undefined || type === 'read_file')) return found('paddle.host-access', 'opens a file', path);
  if (NETWORK.test(type)) return found('paddle.host-access', 'talks to another host', texts.get('endpoint')?.[0]);
  return ENGINE.test(type) ? found('paddle.custom-engine', 'runs a compiled engine') : undefined;
}
