import { readdirSync, readFileSync } from 'node:fs';

const MIB = 1_048_576;

/** The server at one moment: what the operating system says of its processes, and what they say themselves. MiB. */
export interface Sample {
  readonly seconds: number;
  readonly rss: number;
  /** Shared pages counted by share. */
  readonly pss: number;
  readonly anonymous: number;
  readonly heap: number;
  readonly external: number;
  readonly files: number;
  readonly inFlight: number;
}

/** Numbers of `/proc/PID`, summed over processes. */
export function memoryOf(pids: readonly number[]): Pick<Sample, 'rss' | 'pss' | 'anonymous' | 'files'> {
  const sums = { rss: 0, pss: 0, anonymous: 0, files: 0 };
  for (const pid of pids) {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) / 1_024;
    sums.rss += kib('Rss');
    sums.pss += kib('Pss');
    sums.anonymous += kib('Anonymous');
    sums.files += readdirSync(`/proc/${pid}/fd`).length;
  }
  return sums;
}

/** The sum of all series of a metric on a page of metrics. */
export function metric(page: string, name: string): number {
  return page
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** Heap, external memory and requests at providers of a page of metrics. */
export function toldBy(page: string): Pick<Sample, 'heap' | 'external' | 'inFlight'> {
  const sum = (name: string): number => metric(page, name);
  return {
    heap: sum('nodejs_heap_size_used_bytes') / MIB,
    external: sum('nodejs_external_memory_bytes') / MIB,
    inFlight: sum('cordon_gateway_upstream_in_flight'),
  };
}

/** By how much a number grows in an hour: the slope of the line through the samples with the least squares, and its standard error. */
export function perHour(samples: readonly Sample[], of: (sample: Sample) => number): { slope: number; error: number } {
  const n = samples.length;
  const meanX = samples.reduce((sum, { seconds }) => sum + seconds, 0) / n;
  const meanY = samples.reduce((sum, sample) => sum + of(sample), 0) / n;
  let [xx, xy] = [0, 0];
  for (const sample of samples) {
    xx += (sample.seconds - meanX) ** 2;
    xy += (sample.seconds - meanX) * (of(sample) - meanY);
  }
  const slope = xy / xx;
  const rest = samples.reduce((sum, sample) => sum + (of(sample) - meanY - slope * (sample.seconds - meanX)) ** 2, 0);
  return { slope: slope * 3_600, error: Math.sqrt(rest / Math.max(1, n - 2) / xx) * 3_600 };
}
