/** Where runs are kept together. It belongs to a namespace, and who may do what to it is decided there. */
export interface MlflowExperimentTable {
  /** Digits, as MLflow clients expect; `0` is the one they use when none is named. */
  id: string;
  namespace: string;
  name: string;
  lifecycle: 'active' | 'deleted';
  created_by: string;
  created_at: number;
  updated_at: number;
}

/** One training or evaluation. */
export interface MlflowRunTable {
  /** 32 hexadecimal digits. */
  id: string;
  experiment_id: string;
  name: string;
  /** Name of the principal that started it. */
  user_name: string;
  status: 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';
  lifecycle: 'active' | 'deleted';
  start_time: number;
  end_time: number | null;
}

/** A model as a run logged it, before anybody registered it. */
export interface MlflowLoggedModelTable {
  /** `m-` and 32 hexadecimal digits. */
  id: string;
  experiment_id: string;
  name: string;
  model_type: string;
  source_run_id: string;
  status: 'LOGGED_MODEL_PENDING' | 'LOGGED_MODEL_READY' | 'LOGGED_MODEL_UPLOAD_FAILED';
  lifecycle: 'active' | 'deleted';
  created_by: string;
  created_at: number;
  updated_at: number;
}

/** A label of an experiment, run or logged model; it may change. */
export interface MlflowTagTable {
  owner: string;
  experiment_id: string;
  key: string;
  value: string;
}

/** A parameter of a run or logged model; written once. */
export interface MlflowParamTable {
  owner: string;
  experiment_id: string;
  key: string;
  value: string;
}

/** One measured value. The same point sent twice is one row. */
export interface MlflowMetricTable {
  run_id: string;
  key: string;
  step: number;
  timestamp: number;
  /** Shortest decimal form, `NaN`, `Infinity` or `-Infinity`. Why text: SQLite makes NULL of NaN. */
  value: string;
  /** Logged model it was measured on; empty: none. */
  model_id: string;
  dataset_name: string;
  dataset_digest: string;
}

/** The newest value of a metric of a run or a logged model: what is shown and searched. */
export interface MlflowLatestMetricTable {
  /** Run or logged model. */
  owner: string;
  experiment_id: string;
  key: string;
  /** Empty for a run, which has one newest value whatever it was measured on. */
  dataset_name: string;
  dataset_digest: string;
  run_id: string;
  step: number;
  timestamp: number;
  /** Null: not a number. */
  value: number | null;
}

/** A dataset or model that a run read, or a model that it wrote. */
export interface MlflowInputTable {
  run_id: string;
  experiment_id: string;
  kind: 'dataset' | 'model' | 'output-model';
  /** Name and digest of a dataset, id of a model. */
  key: string;
  name: string;
  digest: string;
  /** What a dataset was read for, such as `training`; empty: not said. */
  context: string;
  /** JSON: the dataset and its tags, or the step of an output. */
  body: string;
}

/** A file of a run or logged model. It keeps its blob. */
export interface MlflowArtifactTable {
  owner: string;
  experiment_id: string;
  path: string;
  sha256: string;
  size: number;
  uploaded_by: string;
  created_at: number;
}

/** What people say of a repository (`version` 0) or of one of its versions. */
export interface ModelNoteTable {
  repository_id: string;
  /** Number of the version; 0: the repository. */
  version: number;
  description: string;
  /** Where the files of a version were taken from, as the client said it. */
  source: string;
  run_id: string;
  run_link: string;
  /** Logged model a version was made of; empty: none. */
  model_id: string;
  updated_at: number;
}

/** A label of a repository (`version` 0) or of one of its versions. */
export interface ModelTagTable {
  repository_id: string;
  version: number;
  key: string;
  value: string;
}

/** A name that leads to a version and may move to another. */
export interface ModelAliasTable {
  repository_id: string;
  alias: string;
  version: number;
  updated_at: number;
}
