/** A stretch of text with the kind of personal data in it. */
export interface Entity {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Counts over some rows. */
export interface Counts {
  readonly right: number;
  readonly found: number;
  readonly labelled: number;
}

/** How a found stretch has to lie on a labelled one: the same ends, or at least half of what both cover together. */
export type Match = 'exact' | 'overlap';

/** Compares what was found in one row with its labels; each label and each find counts once, best overlaps first. */
export function compare(labels: readonly Entity[], found: readonly Entity[], match: Match): Counts {
  const pairs = labels
    .flatMap((label, one) => found.map((find, other) => ({ one, other, shared: label.type === find.type ? closeness(label, find) : 0 })))
    .filter(({ shared }) => (match === 'exact' ? shared === 1 : shared >= 0.5))
    .sort((a, b) => b.shared - a.shared);
  const labelsDone = new Set<number>();
  const findsDone = new Set<number>();
  for (const { one, other } of pairs) {
    if (labelsDone.has(one) || findsDone.has(other)) continue;
    labelsDone.add(one);
    findsDone.add(other);
  }
  return { right: labelsDone.size, found: found.length, labelled: labels.length };
}

function closeness(a: Entity, b: Entity): number {
  const both = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  return both <= 0 ? 0 : both / (Math.max(a.end, b.end) - Math.min(a.start, b.start));
}

/** Adds counts up. */
export function total(all: readonly Counts[]): Counts {
  return all.reduce((sum, one) => ({ right: sum.right + one.right, found: sum.found + one.found, labelled: sum.labelled + one.labelled }), {
    right: 0,
    found: 0,
    labelled: 0,
  });
}

/** Precision, recall and F1; what cannot be divided is NaN. */
export function scores({ right, found, labelled }: Counts): { readonly precision: number; readonly recall: number; readonly f1: number } {
  return { precision: right / found, recall: right / labelled, f1: (2 * right) / (found + labelled) };
}

/** 95 % interval of F1: groups of rows are drawn again with replacement, because rows of one template resemble each other. */
export function interval(groups: readonly (readonly Counts[])[], draws = 1000): readonly [number, number] {
  const sums = groups.map((group) => total(group));
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((state / 0x8000_0000) * below);
  };
  const all = Array.from({ length: draws }, () => scores(total(sums.map(() => sums[random(sums.length)]!))).f1);
  // Why: a draw without any label or find says nothing.
  const drawn = all.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return [drawn[Math.floor(drawn.length * 0.025)] ?? Number.NaN, drawn[Math.floor(drawn.length * 0.975)] ?? Number.NaN];
}
