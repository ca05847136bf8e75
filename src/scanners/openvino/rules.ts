import type { Rule } from '../../core/rule.ts';

/** What an OpenVINO model should not say. */
export const OPENVINO_RULES = [
  {
    id: 'openvino.library-path',
    title: 'OpenVINO model names a library',
    severity: 'high',
    why: 'A native library that is loaded for a layer runs with all rights of the process.',
    fix: 'Do not load it. Register extension libraries in your own code, by a path that you control.',
    maps: ['CWE-829', 'CWE-114'],
  },
  {
    id: 'openvino.path-traversal',
    title: 'OpenVINO model names a path outside its folder',
    severity: 'high',
    why: 'A reader that follows the path opens files of the machine instead of the model’s own.',
    fix: 'Export the model again, with its weights beside it.',
    maps: ['CWE-22', 'CWE-73'],
  },
  {
    id: 'openvino.custom-layer',
    title: 'OpenVINO layer that needs an extension',
    severity: 'low',
    why: 'The layer is no part of OpenVINO: the model works only with a native library that somebody has to install.',
    fix: 'Check which library it needs and where that comes from.',
    maps: ['CWE-829'],
  },
  {
    id: 'openvino.custom-kernel',
    title: 'Custom GPU kernel description',
    severity: 'medium',
    why: 'The file makes the GPU plug-in compile and run source code that lies beside the model.',
    fix: 'Read the kernel source that it names before you register it.',
    maps: ['CWE-829'],
  },
  {
    id: 'openvino.weights-range',
    title: 'Weights do not fit the layer',
    severity: 'high',
    why: 'Offset and size of a constant contradict its shape, which makes readers of the weights file read past its end.',
    fix: 'Export the model again.',
    maps: ['CWE-125', 'CWE-1284'],
  },
] as const satisfies readonly Rule[];
