import type { Rule } from '../../core/rule.ts';

/** What `mlflow` reports. */
export const MLFLOW_RULES = [
  {
    id: 'mlflow.foreign-loader',
    title: 'MLflow model is loaded by a module of its own choice',
    severity: 'high',
    why: '`mlflow.pyfunc.load_model` imports `loader_module` and calls its `_load_pyfunc`. Any module that can be imported will do, and `code` puts the model’s own folder on the path.',
    fix: 'Review the module, or log the model again with a built-in flavour.',
    maps: ['CWE-470', 'CWE-829', 'OWASP-LLM03:2025', 'ATLAS:AML.T0011.000'],
  },
  {
    id: 'mlflow.shipped-code',
    title: 'MLflow model ships Python code',
    severity: 'info',
    why: 'The files are put on the import path and run when the model is loaded.',
    fix: 'Review the files before you deploy the model.',
    maps: ['CWE-829', 'OWASP-LLM03:2025'],
  },
  {
    id: 'mlflow.path-escape',
    title: 'MLflow model refers to a file outside its folder',
    severity: 'high',
    why: 'The loader joins the path to the model folder: it reads, or deserializes, a file that was not delivered and not scanned.',
    fix: 'Log the model again, so that all its files lie inside its folder.',
    maps: ['CWE-22', 'CWE-73', 'OWASP-LLM03:2025'],
  },
  {
    id: 'mlflow.trusted-types',
    title: 'MLflow model brings its own list of trusted types',
    severity: 'medium',
    why: 'MLflow hands `skops_trusted_types` of the model to skops as the list of types the user trusts, so the model vouches for itself.',
    fix: 'Check each type in the list, or load the skops file yourself with a list of your own.',
    maps: ['CWE-807', 'CWE-502', 'GHSA-w582-9x45-8mpx', 'OWASP-LLM03:2025'],
  },
] as const satisfies readonly Rule[];
