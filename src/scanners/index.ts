import type { FileScanner } from '../core/plugin.ts';
import { pickle } from './pickle/scanner.ts';
import { executableScanner } from './executable/scanner.ts';
import { ggufScanner } from './gguf/scanner.ts';
import { jinjaScanner } from './jinja/scanner.ts';
import { hdf5Scanner } from './hdf5/scanner.ts';
import { instantiateScanner } from './instantiate/scanner.ts';
import { mlflowScanner } from './mlflow/scanner.ts';
import { modelMetadataScanner } from './model-metadata/scanner.ts';
import { skopsScanner } from './skops/scanner.ts';
import { torchserveScanner } from './torchserve/scanner.ts';
import { kerasScanner } from './keras/scanner.ts';
import { lfsPointerScanner } from './lfs-pointer/scanner.ts';
import { nameScanner } from './name/scanner.ts';
import { pythonCodeScanner } from './python-code/scanner.ts';
import { safetensorsScanner } from './safetensors/scanner.ts';
import { tensorflow } from './tensorflow/scanner.ts';
import { executorch } from './executorch/scanner.ts';
import { tflite } from './tflite/scanner.ts';
import { coreml } from './coreml/scanner.ts';
import { paddle } from './paddle/scanner.ts';
import { tensorrtScanner } from './tensorrt/scanner.ts';
import { onnx } from './onnx/scanner.ts';
import { npyScanner } from './npy/scanner.ts';
import { msgpackScanner } from './msgpack/scanner.ts';
import { zarrScanner } from './zarr/scanner.ts';
import { xmlScanner } from './xml/scanner.ts';
import { pmmlScanner } from './pmml/scanner.ts';
import { openvinoScanner } from './openvino/scanner.ts';
import { archiveScanner } from './archive/scanner.ts';
import { compressedScanner } from './compressed/scanner.ts';
import { sevenZipScanner } from './seven-zip/scanner.ts';
import { tarScanner } from './tar/scanner.ts';
import { zipScanner } from './zip/scanner.ts';
import { rDataScanner } from './r-data/scanner.ts';
import { xgboostScanner } from './xgboost/scanner.ts';
import { lightgbmScanner } from './lightgbm/scanner.ts';
import { catboostScanner } from './catboost/scanner.ts';

/** Every file scanner. Adding one is one line here. */
export const FILE_SCANNERS: readonly FileScanner[] = [
  pickle,
  executableScanner,
  ggufScanner,
  jinjaScanner,
  hdf5Scanner,
  instantiateScanner,
  kerasScanner,
  lfsPointerScanner,
  nameScanner,
  mlflowScanner,
  modelMetadataScanner,
  skopsScanner,
  torchserveScanner,
  pythonCodeScanner,
  safetensorsScanner,
  tensorrtScanner,
  npyScanner,
  msgpackScanner,
  zarrScanner,
  onnx,
  coreml,
  paddle,
  tflite,
  executorch,
  tensorflow,
  xmlScanner,
  pmmlScanner,
  openvinoScanner,
  archiveScanner,
  compressedScanner,
  sevenZipScanner,
  tarScanner,
  zipScanner,
  rDataScanner,
  xgboostScanner,
  lightgbmScanner,
  catboostScanner,
];
