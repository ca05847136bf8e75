import { fileScanner } from '../../core/plugin.ts';
import { onnx as signature } from '../../formats/onnx/signature.ts';
import { readOnnx } from '../../formats/onnx/read.ts';
import { OperatorReview } from './operators.ts';
import { ONNX_RULES } from './rules.ts';
import { OnnxSummary } from './summary.ts';
import { inspectTensor } from './tensors.ts';

/** Reads ONNX models: where external data lies, which operators run, whether shapes and data agree. */
export const onnx = fileScanner({
  id: 'onnx',
  title: 'ONNX models',
  rules: ONNX_RULES,
  // One file can be made to serve two loaders: what only begins like another protobuf model is read as ONNX too.
  accepts: ({ format, head, source }) =>
    format === 'onnx' || ((format === 'tensorflow' || format === 'coreml') && signature.matches(head, source)),
  *inspect({ source }, context) {
    const summary = new OnnxSummary();
    const operators = new OperatorReview();
    for (const event of readOnnx(source, context.budget)) {
      summary.add(event);
      if (event.kind === 'tensor') yield* inspectTensor(event.tensor);
      else if (event.kind === 'node') yield* operators.node(event.node);
      else if (event.kind === 'function') operators.define(event.domain, event.name);
    }
    yield* operators.finish();
    summary.report(context);
  },
});
