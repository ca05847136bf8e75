import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { FileSubject } from '../../core/subject.ts';
import type { ByteSource } from '../../core/source.ts';
import { readAll, utf8 } from '../../formats/bytes/read.ts';
import { bufferSource, sliceSource } from '../../formats/bytes/source.ts';
import { readTensorFlow } from '../../formats/tensorflow/read.ts';
import { isTensorFlowBinary, isTensorFlowText } from '../../formats/tensorflow/signature.ts';
import { textToBinary } from '../../formats/tensorflow/text.ts';
import { GraphReview } from './review.ts';
import { TENSORFLOW_RULES } from './rules.ts';
import { TensorFlowSummary } from './summary.ts';

/** Reads TensorFlow graphs: what their operators reach beyond the computation, in functions and graphs inside of strings too. */
export const tensorflow = fileScanner({
  id: 'tensorflow',
  title: 'TensorFlow graphs',
  rules: TENSORFLOW_RULES,
  accepts: (subject) => subject.format === 'tensorflow' || isLoadedAnyway(subject),
  *inspect(subject, context) {
    const review = new GraphReview(context.budget);
    const summary = new TensorFlowSummary();
    const source = binarySource(subject, context);
    let configurations = 0;
    for (const event of readTensorFlow(source, context.budget)) {
      summary.add(event);
      if (event.kind === 'node') review.node(event.scope, event.node);
      else if (event.kind === 'function') review.defineFunction(event.scope, event.inputs);
      else if (event.kind === 'asset') yield* review.asset(event.tensor, event.filename, event.offset);
      else if (event.kind === 'keras' && event.identifier.startsWith('_tf_keras_')) {
        const { start, end } = event.metadata;
        context.descend({ name: `keras_metadata/${configurations++}.json`, source: sliceSource(source, start, end - start) });
      }
    }
    yield* review.finish();
    summary.report(context);
  },
});

/**
 * Why by name too: TensorFlow opens these names whatever they begin with, a long comment for example. And one file can be made
 * to serve two loaders: what begins like another protobuf model is read as TensorFlow too.
 */
function isLoadedAnyway({ name, format, head, source }: FileSubject): boolean {
  if (name === 'saved_model.pb') return !['lfs-pointer', 'empty', 'text', 'xml'].includes(format);
  if (name === 'saved_model.pbtxt') return format === 'text';
  return (format === 'onnx' || format === 'coreml') && isTensorFlowBinary(head, source);
}

function binarySource({ head, source, name }: FileSubject, context: ScanContext): ByteSource {
  if (!isTensorFlowText(utf8(head)) && name !== 'saved_model.pbtxt') return source;
  return bufferSource(textToBinary(readAll(source, context.budget), context.budget));
}
