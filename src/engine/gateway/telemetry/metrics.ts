/** What a metric is, for whoever reads it. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, ascending. */
  readonly buckets?: readonly number[];
  /** How values of several processes come together; default: they are added. */
  readonly merge?: 'sum' | 'max';
}

/** One series of a metric. */
export interface Series {
  readonly labels: readonly string[];
  /** Sum of a histogram, else the value. */
  value: number;
  /** Of a histogram: by bucket, the last is everything above. */
  readonly counts?: number[];
}

/** A metric with its series: plain data, so that processes can send it to each other. */
export interface MetricData {
  readonly metric: Metric;
  readonly series: readonly Series[];
}

/** Why: whatever clients send, metrics stay small; the last series of a metric takes what does not fit. */
const SERIES_AT_MOST = 2_000;
const OTHER = 'other';

/** The series of one metric. Adding to one is a look-up and an addition. */
export class Family {
  readonly metric: Metric;
  readonly #series = new Map<string, Series>();

  constructor(metric: Metric) {
    this.metric = metric;
  }

  /** Adds to a counter. */
  add(labels: readonly string[], value = 1): void {
    this.at(labels).value += value;
  }

  /** Counts a value of a histogram. */
  observe(labels: readonly string[], value: number): void {
    observe(this.metric, this.at(labels), value);
  }

  /** The series of these labels, to be kept by whoever adds often. */
  at(labels: readonly string[]): Series {
    const name = labels.join('\0');
    let series = this.#series.get(name);
    if (series === undefined) {
      if (this.#series.size >= SERIES_AT_MOST && labels.some((label) => label !== OTHER)) return this.at(labels.map(() => OTHER));
      const { buckets } = this.metric;
      series = {
        labels: [...labels],
        value: 0,
        ...(buckets !== undefined && { counts: Array.from({ length: buckets.length + 1 }, () => 0) }),
      };
      this.#series.set(name, series);
    }
    return series;
  }

  data(): MetricData {
    return { metric: this.metric, series: [...this.#series.values()] };
  }
}

/** Counts a value in a series of a histogram. */
export function observe({ buckets = [] }: Metric, series: Series, value: number): void {
  let bucket = 0;
  while (bucket < buckets.length && value > buckets[bucket]!) bucket++;
  series.counts![bucket]!++;
  series.value += value;
}

/** At most so many different values of a label; what comes later is "other". Why: every value is a series that somebody stores. */
export class BoundedLabel {
  readonly #known = new Set<string>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#most) return OTHER;
    this.#known.add(value);
    return value;
  }
}

/** Metrics of several processes as one. */
export function mergeMetrics(processes: readonly (readonly MetricData[])[]): readonly MetricData[] {
  const merged = new Map<string, { metric: Metric; series: Map<string, Series> }>();
  for (const { metric, series } of processes.flat()) {
    let family = merged.get(metric.name);
    if (family === undefined) merged.set(metric.name, (family = { metric, series: new Map() }));
    for (const one of series) {
      const name = one.labels.join('\0');
      const there = family.series.get(name);
      if (there === undefined) {
        family.series.set(name, { ...one, ...(one.counts !== undefined && { counts: [...one.counts] }) });
        continue;
      }
      there.value = metric.merge === 'max' ? Math.max(there.value, one.value) : there.value + one.value;
      one.counts?.forEach((count, bucket) => (there.counts![bucket]! += count));
    }
  }
  return [...merged.values()].map(({ metric, series }) => ({ metric, series: [...series.values()] }));
}
