import type { Use } from './sink.ts';

/** A program as far as this needs it: what it calls, and what it defines. */
export interface Program {
  readonly uses: readonly Use[];
  readonly functions: readonly { readonly name: string; readonly owner: string }[];
}

/**
 * Names of functions and classes that run when the file is imported, because code at the top level calls them, directly or
 * through each other. Why by simple name: a hostile file can hide which object a method belongs to, but not what it is called.
 */
export function calledOnImport(program: Program): ReadonlySet<string> {
  const defined = new Set<string>();
  for (const { name, owner } of program.functions) {
    defined.add(name);
    if (owner !== '') defined.add(owner);
  }
  const byCaller = new Map<string, Set<string>>();
  const reached = new Set<string>();
  const queue: string[] = [];
  const reach = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    queue.push(name);
  };
  for (const use of program.uses) {
    for (const path of [...(use.called ? use.callee : []), ...use.passed]) {
      const name = path.replaceAll('()', '').replace(/^~/, '').split('.').at(-1)!;
      if (!defined.has(name)) continue;
      if (use.runsAt === 'import') {
        reach(name);
        // Why: `setup(cmdclass=…)` runs the methods of these classes while the package is installed.
        if (use.keywords.includes('cmdclass')) for (const method of program.functions) if (method.owner === name) reach(method.name);
      }
      if (use.runsAt === 'call') {
        for (const caller of callers(use)) {
          const called = byCaller.get(caller) ?? new Set();
          byCaller.set(caller, called.add(name));
        }
      }
    }
  }
  for (let at = 0; at < queue.length; at++) for (const name of byCaller.get(queue[at]!) ?? []) reach(name);
  return reached;
}

/** When a use runs, given what runs on import. */
export function runsAt(use: Use, reached: ReadonlySet<string>): Use['runsAt'] {
  if (use.runsAt !== 'call') return use.runsAt;
  return callers(use).some((name) => reached.has(name)) ? 'import' : 'call';
}

/** The names whose call makes this use run: the function, and for what a constructor runs, its class. */
function callers(use: Use): string[] {
  const made = use.owner !== '' && /^__(?:init|new|post_init|call|enter|del|init_subclass)__$/.test(use.within);
  return made ? [use.within, use.owner] : [use.within];
}
