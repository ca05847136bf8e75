import type { Migration } from './migration.ts';

const OWNED = `owner bytetext not null,
      experiment_id bytetext not null references mlflow_experiment (id) on delete cascade`;

/** Experiments, runs and logged models; notes, labels and aliases of models; versions that were deleted. */
export const mlflow: Migration = {
  name: '0008-mlflow',
  statements: [
    `create table mlflow_experiment (
      id bytetext primary key,
      namespace bytetext not null,
      name bytetext not null,
      lifecycle bytetext not null check (lifecycle in ('active', 'deleted')),
      created_by bytetext not null,
      created_at bigint not null,
      updated_at bigint not null,
      unique (namespace, name)
    )`,
    'create index mlflow_experiment_by_name on mlflow_experiment (name)',
    `create table mlflow_run (
      id bytetext primary key,
      experiment_id bytetext not null references mlflow_experiment (id) on delete cascade,
      name bytetext not null,
      user_name bytetext not null,
      status bytetext not null,
      lifecycle bytetext not null check (lifecycle in ('active', 'deleted')),
      start_time bigint not null,
      end_time bigint
    )`,
    'create index mlflow_run_by_experiment on mlflow_run (experiment_id, lifecycle, start_time)',
    `create table mlflow_logged_model (
      id bytetext primary key,
      experiment_id bytetext not null references mlflow_experiment (id) on delete cascade,
      name bytetext not null,
      model_type bytetext not null,
      source_run_id bytetext not null,
      status bytetext not null,
      lifecycle bytetext not null check (lifecycle in ('active', 'deleted')),
      created_by bytetext not null,
      created_at bigint not null,
      updated_at bigint not null
    )`,
    'create index mlflow_logged_model_by_experiment on mlflow_logged_model (experiment_id, lifecycle, created_at)',
    'create index mlflow_logged_model_by_run on mlflow_logged_model (source_run_id)',
    `create table mlflow_tag (
      ${OWNED},
      key bytetext not null,
      value bytetext not null,
      primary key (owner, key)
    )`,
    'create index mlflow_tag_by_experiment on mlflow_tag (experiment_id)',
    `create table mlflow_param (
      ${OWNED},
      key bytetext not null,
      value bytetext not null,
      primary key (owner, key)
    )`,
    'create index mlflow_param_by_experiment on mlflow_param (experiment_id)',
    `create table mlflow_metric (
      run_id bytetext not null references mlflow_run (id) on delete cascade,
      key bytetext not null,
      step bigint not null,
      timestamp bigint not null,
      value bytetext not null,
      model_id bytetext not null,
      dataset_name bytetext not null,
      dataset_digest bytetext not null,
      primary key (run_id, key, step, timestamp, value, model_id)
    )`,
    `create table mlflow_latest_metric (
      ${OWNED},
      key bytetext not null,
      dataset_name bytetext not null,
      dataset_digest bytetext not null,
      run_id bytetext not null,
      step bigint not null,
      timestamp bigint not null,
      value double precision,
      primary key (owner, key, dataset_name, dataset_digest)
    )`,
    'create index mlflow_latest_metric_by_experiment on mlflow_latest_metric (experiment_id)',
    `create table mlflow_input (
      run_id bytetext not null references mlflow_run (id) on delete cascade,
      experiment_id bytetext not null references mlflow_experiment (id) on delete cascade,
      kind bytetext not null check (kind in ('dataset', 'model', 'output-model')),
      key bytetext not null,
      name bytetext not null,
      digest bytetext not null,
      context bytetext not null,
      body bytetext not null,
      primary key (run_id, kind, key)
    )`,
    'create index mlflow_input_by_experiment on mlflow_input (experiment_id, kind)',
    `create table mlflow_artifact (
      ${OWNED},
      path bytetext not null,
      sha256 bytetext not null references blob (sha256),
      size bigint not null,
      uploaded_by bytetext not null,
      created_at bigint not null,
      primary key (owner, path)
    )`,
    'create index mlflow_artifact_by_content on mlflow_artifact (sha256)',
    'create index mlflow_artifact_by_experiment on mlflow_artifact (experiment_id)',
    'alter table version add column deleted_at bigint',
    `create table model_note (
      repository_id bytetext not null references repository (id) on delete cascade,
      version bigint not null,
      description bytetext not null,
      source bytetext not null,
      run_id bytetext not null,
      run_link bytetext not null,
      model_id bytetext not null,
      updated_at bigint not null,
      primary key (repository_id, version)
    )`,
    'create index model_note_by_run on model_note (run_id)',
    'create index model_note_by_logged_model on model_note (model_id)',
    `create table model_tag (
      repository_id bytetext not null references repository (id) on delete cascade,
      version bigint not null,
      key bytetext not null,
      value bytetext not null,
      primary key (repository_id, version, key)
    )`,
    `create table model_alias (
      repository_id bytetext not null references repository (id) on delete cascade,
      alias bytetext not null,
      version bigint not null,
      updated_at bigint not null,
      primary key (repository_id, alias)
    )`,
  ],
};
