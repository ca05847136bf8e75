import type { MetricData } from './metrics.ts';

/** Content type of the text format. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Metrics in the text format of Prometheus, version 0.0.4. */
export function prometheusText(metrics: readonly MetricData[]): string {
  const lines: string[] = [];
  for (const { metric, series } of metrics) {
    const { name, help, type, labels: names } = metric;
    lines.push(`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`, `# TYPE ${name} ${type}`);
    for (const { labels, value, counts } of series) {
      const pairs = names.map((label, index) => `${label}="${escaped(labels[index] ?? '')}"`);
      if (counts === undefined) {
        lines.push(`${name}${braces(pairs)} ${value}`);
        continue;
      }
      let count = 0;
      for (const [bucket, bound] of (metric.buckets ?? []).entries()) {
        count += counts[bucket]!;
        lines.push(`${name}_bucket${braces([...pairs, `le="${bound}"`])} ${count}`);
      }
      count += counts.at(-1)!;
      lines.push(`${name}_bucket${braces([...pairs, 'le="+Inf"'])} ${count}`);
      lines.push(`${name}_sum${braces(pairs)} ${value}`, `${name}_count${braces(pairs)} ${count}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function braces(pairs: readonly string[]): string {
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
