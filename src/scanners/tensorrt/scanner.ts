import { fileScanner } from '../../core/plugin.ts';

const NAMES = /\.(engine|plan|trt)$/i;

/** Points out TensorRT engines: compiled GPU code that no scanner can look into. */
export const tensorrtScanner = fileScanner({
  id: 'tensorrt',
  title: 'TensorRT engines',
  rules: [
    {
      id: 'tensorrt.opaque-engine',
      title: 'Compiled TensorRT engine',
      severity: 'info',
      why: 'An engine is compiled GPU code in a closed format and may name plugin libraries. Scanning cannot show what it does; only its origin can.',
      fix: 'Build the engine yourself from a scanned ONNX model, or verify the publisher’s signature.',
      maps: ['OWASP-LLM03:2025', 'ATLAS:AML.T0010'],
    },
  ],
  accepts: ({ format, name, opaque }) => (format === 'tensorrt' && !opaque) || (format === 'unknown' && NAMES.test(name)),
  *inspect({ format }) {
    yield {
      rule: 'tensorrt.opaque-engine',
      key: 'engine',
      message:
        format === 'tensorrt'
          ? 'This is a serialised TensorRT engine: compiled code that needs provenance rather than scanning.'
          : 'By its name this is a TensorRT engine, without the usual header: compiled code that needs provenance rather than scanning.',
    };
  },
});
