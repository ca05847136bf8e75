import type { Bill, Input } from './bill.ts';

/** The model card: parameters of the model, the data sets it names or was attested to be trained on, and attested metrics. */
export function modelCard({ fields, datasets }: Bill, refOf: (input: Input) => string): object {
  const { task, architectureFamily, architecture, metrics } = fields;
  const refs = [...new Set(datasets.map(({ value }) => refOf(value)))];
  const parameters = {
    ...(task !== undefined && { task: task.value }),
    ...(architectureFamily !== undefined && { architectureFamily: architectureFamily.value }),
    ...(architecture !== undefined && { modelArchitecture: architecture.value }),
    ...(refs.length > 0 && { datasets: refs.map((ref) => ({ ref })) }),
  };
  const measures = Object.entries(metrics?.value ?? {}).map(([type, value]) => ({ type, value: String(value) }));
  return {
    ...(Object.keys(parameters).length > 0 && { modelParameters: parameters }),
    ...(measures.length > 0 && { quantitativeAnalysis: { performanceMetrics: measures } }),
  };
}
