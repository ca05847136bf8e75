import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { CODE } from '../../formats/r-data/codes.ts';
import { serialisationStart } from '../../formats/r-data/signature.ts';
import { type REvent, walkRData } from '../../formats/r-data/walk.ts';
import { dangerousCallee, isEvaluator, isOrdinaryCall } from './calls.ts';
import { R_DATA_RULES } from './rules.ts';

type RObservation = Observation<(typeof R_DATA_RULES)[number]['id']>;

/** Compact sequences, deferred strings and wrappers: what base R saves by itself. */
const BASE_ALTREP = /^base::(?:compact_(?:int|real)seq|deferred_string|wrap_(?:integer|logical|real|complex|raw|string|list))$/;
/** Raw vectors looked into: serialised models of other libraries lie in them. */
const MAX_RAW = 1_000;

/** Walks R data for code that runs when the object is read, looked at or used. */
export const rDataScanner = fileScanner({
  id: 'r-data',
  title: 'R data',
  rules: R_DATA_RULES,
  accepts: (subject) => subject.format === 'r-data',
  *inspect({ source, head }, context) {
    let start: number | undefined = serialisationStart(head);
    let end = 0;
    // Why a loop: `serialize` to an open connection writes one object behind the other.
    while (start !== undefined && end + start < source.size) {
      const report = new Report(source, context);
      end = yield* inspectObject(source, end + start, report, context);
      // Why: the text encoding leaves the line end of an empty string to the reader of the next atom.
      if (source.read(end, 1)[0] === 0x0a) end++;
      const next = serialisationStart(source.read(end, 64));
      start = next === 0 ? next : undefined;
    }
    if (end < source.size) {
      context.descend({ name: '<appended>', source: sliceSource(source, end, source.size - end) });
      yield {
        rule: 'r-data.trailing-data',
        key: 'trailing',
        message: `${source.size - end} bytes lie behind the object.`,
        at: { offset: end },
      };
    }
  },
});

function* inspectObject(source: ByteSource, start: number, report: Report, context: ScanContext): Generator<RObservation, number> {
  const walk = walkRData(source, start, () => context.budget.charge('steps', 16));
  for (;;) {
    const step = walk.next();
    if (step.done === true) {
      yield* report.summary();
      return step.value;
    }
    yield* report.judge(step.value);
  }
}

/** What has been seen of one object so far. */
class Report {
  readonly #source: ByteSource;
  readonly #context: ScanContext;
  readonly #seen = new Set<string>();
  /** Calls inside promises since the last one that ended: promises report after their parts. */
  #promised: { head: string; dangerous: string | undefined }[] = [];
  #functions = 0;
  #raw = 0;

  constructor(source: ByteSource, context: ScanContext) {
    this.#source = source;
    this.#context = context;
  }

  *judge(event: REvent): Iterable<RObservation> {
    if (event.kind === 'call') yield* this.#call(event);
    else if (event.kind === 'promise') yield* this.#promise(event);
    else if (event.kind === 'closure') this.#functions++;
    else if (event.kind === 'altrep' && !BASE_ALTREP.test(event.name)) {
      yield* this.#once({
        rule: 'r-data.foreign-altrep',
        key: event.name,
        message: `An object of the class ${event.name}.`,
        at: { offset: event.offset },
      });
    } else if (event.kind === 'raw' && event.length >= 16 && this.#raw++ < MAX_RAW) {
      this.#context.descend({ name: '<raw>', source: sliceSource(this.#source, event.offset, event.length), role: 'opaque' });
    }
  }

  *summary(): Iterable<RObservation> {
    if (this.#functions > 0) yield { rule: 'r-data.code', key: 'functions', message: `The data holds ${this.#functions} functions.` };
  }

  *#call({ head, args, place, offset }: REvent & { kind: 'call' }): Iterable<RObservation> {
    const dangerous = dangerousCallee(head, args);
    if (place.inside === 'promise' && this.#promised.length < 10_000) this.#promised.push({ head, dangerous });
    if (dangerous === undefined) return;
    yield* this.#once({
      rule: 'r-data.dangerous-call',
      key: dangerous,
      message: `${place.inside === 'data' ? 'A saved call' : `Code of a ${place.inside}`} calls ${dangerous}.`,
      at: { offset },
    });
  }

  /** Forced promises keep their value, and their expression is never evaluated again. */
  *#promise({ value, expression, place, offset }: REvent & { kind: 'promise' }): Iterable<RObservation> {
    const calls = this.#promised;
    this.#promised = [];
    if (value.code !== CODE.unboundValue) return;
    const worst = calls.find((call) => call.dangerous !== undefined) ?? calls.find((call) => isEvaluator(call.head));
    const runs = expression.code === CODE.language || expression.code === CODE.bytecode;
    if (worst !== undefined || (runs && !place.binding)) {
      const what = worst?.dangerous ?? worst?.head ?? expression.head ?? 'byte code';
      yield* this.#once({ rule: 'r-data.promise', key: what, message: `A promise calls ${what} when it is looked at.`, at: { offset } });
      return;
    }
    const unusual = calls.find((call) => !isOrdinaryCall(call.head));
    if (unusual === undefined && expression.code !== CODE.bytecode) return;
    const what = unusual?.head ?? 'byte code';
    yield* this.#once({
      rule: 'r-data.lazy-value',
      key: what,
      message: `An unevaluated value calls ${what} when it is looked at.`,
      at: { offset },
    });
  }

  *#once(found: RObservation): Iterable<RObservation> {
    const identity = `${found.rule} ${found.key}`;
    if (this.#seen.has(identity) || this.#seen.size >= 500) return;
    this.#seen.add(identity);
    yield found;
  }
}
