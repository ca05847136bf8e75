import type { Label } from '../../engine/registry/tracking/labels.ts';
import type { Experiment } from '../../engine/registry/tracking/experiments.ts';
import type { LoggedModel } from '../../engine/registry/tracking/logged-models.ts';
import type { LatestMetric, MetricPoint } from '../../engine/registry/tracking/metrics.ts';
import type { RunLinks } from '../../engine/registry/tracking/run-links.ts';
import type { Run } from '../../engine/registry/tracking/runs.ts';

/** Where the artifacts of an experiment lie. The numbers say nothing about who may read: that is decided on the object. */
export function experimentRoot(experiment: string): string {
  return `mlflow-artifacts:/${experiment}`;
}

export function runRoot(run: Pick<Run, 'id' | 'experiment_id'>): string {
  return `${experimentRoot(run.experiment_id)}/${run.id}/artifacts`;
}

export function loggedModelRoot(model: Pick<LoggedModel, 'id' | 'experiment_id'>): string {
  return `${experimentRoot(model.experiment_id)}/models/${model.id}/artifacts`;
}

export function experimentMessage(experiment: Experiment, tags: readonly Label[]): object {
  return {
    experiment_id: experiment.id,
    name: experiment.name,
    artifact_location: experimentRoot(experiment.id),
    lifecycle_stage: experiment.lifecycle,
    creation_time: experiment.created_at,
    last_update_time: experiment.updated_at,
    tags,
  };
}

export function runInfoMessage(run: Run): object {
  return {
    run_id: run.id,
    run_uuid: run.id,
    run_name: run.name,
    experiment_id: run.experiment_id,
    user_id: run.user_name,
    status: run.status,
    start_time: run.start_time,
    ...(run.end_time !== null && { end_time: run.end_time }),
    artifact_uri: runRoot(run),
    lifecycle_stage: run.lifecycle,
  };
}

/** All that is known of a run, except the history of its metrics. */
export interface RunParts {
  readonly run: Run;
  readonly metrics: readonly LatestMetric[];
  readonly params: readonly Label[];
  readonly tags: readonly Label[];
  readonly links: RunLinks;
}

export function runMessage({ run, metrics, params, tags, links }: RunParts): object {
  return {
    info: runInfoMessage(run),
    data: { metrics: metrics.map(latestMetricMessage), params, tags },
    inputs: { dataset_inputs: links.datasets, model_inputs: links.models.map((model_id) => ({ model_id })) },
    outputs: { model_outputs: links.outputs.map(({ modelId, step }) => ({ model_id: modelId, step })) },
  };
}

function latestMetricMessage({ key, value, timestamp, step, run_id, dataset_name, dataset_digest }: LatestMetric): object {
  const dataset = dataset_name === '' ? {} : { dataset_name, dataset_digest };
  return { key, value: doubleJson(value ?? Number.NaN), timestamp, step, run_id, ...dataset };
}

export function metricPointMessage({ key, value, timestamp, step, run_id, model_id, dataset_name, dataset_digest }: MetricPoint): object {
  const dataset = dataset_name === '' ? {} : { dataset_name, dataset_digest };
  return { key, value: doubleJson(Number(value)), timestamp, step, run_id, ...(model_id !== '' && { model_id }), ...dataset };
}

/** Why: JSON has no NaN; protobuf writes it as text. */
function doubleJson(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** All that is known of a logged model. */
export interface LoggedModelParts {
  readonly model: LoggedModel;
  readonly params: readonly Label[];
  readonly tags: readonly Label[];
  readonly metrics: readonly LatestMetric[];
  readonly registrations: readonly { readonly name: string; readonly version: number }[];
}

export function loggedModelMessage({ model, params, tags, metrics, registrations }: LoggedModelParts): object {
  return {
    info: {
      model_id: model.id,
      experiment_id: model.experiment_id,
      name: model.name,
      creation_timestamp_ms: model.created_at,
      last_updated_timestamp_ms: model.updated_at,
      artifact_uri: loggedModelRoot(model),
      status: model.status,
      model_type: model.model_type,
      source_run_id: model.source_run_id,
      tags,
      registrations: registrations.map(({ name, version }) => ({ name, version: String(version) })),
    },
    data: { params, metrics: metrics.map((metric) => ({ ...latestMetricMessage(metric), model_id: model.id })) },
  };
}
