import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { xmlRoot } from '../../formats/xml/doctype.ts';
import { readXmlElements, type XmlElement } from '../../formats/xml/read.ts';
import { OPENVINO_RULES } from './rules.ts';
import { weightsFault } from './weights.ts';

type OpenvinoObservation = Observation<(typeof OPENVINO_RULES)[number]['id']>;

/** Operation sets that OpenVINO ships. */
const OWN_SETS = /^(?:opset\d+|experimental|ie_internal_opset|type_relaxed_opset|gpu_opset|cpu_plugin_opset|ov_internal|util|snippets|)$/i;
/** Operations of the openvino_tokenizers package, which every converted language model brings along. */
const TOKENIZER_OPERATIONS =
  /^(?:(?:BPE|Wordpiece|Sentencepiece|Trie|Unigram)Tokenizer|Sentencepiece(?:Stream)?Detokenizer|StringTensor(?:Unp|P)ack|StringTo\w+|RaggedT(?:ensorPack|o\w+)|Vocab(?:En|De)coder|BytesToChars|CharsToBytes|CharsMapNormalization|Regex(?:Normalization|Split)|CaseFold|NormalizeUnicode|CombineSegments|Truncate|UTF8Validate|SpecialTokensSplit|FuzeRagged|EqualStr)$/;
const LIBRARY = /\.(?:so(?:\.\d+)*|dll|dylib|pyd)$/i;
const PATH_ATTRIBUTE = /(?:^|_)(?:path|file|filename|library|lib|location|dir|directory)$/i;

/** Reads OpenVINO models (IR): what they name outside themselves, and whether their weights fit. */
export const openvinoScanner = fileScanner({
  id: 'openvino',
  title: 'OpenVINO models',
  rules: OPENVINO_RULES,
  accepts: (subject) => subject.format === 'xml',
  *inspect({ source }, context) {
    const root = xmlRoot(source);
    if (root === 'CustomLayer' || root === 'CustomLayers') {
      yield {
        rule: 'openvino.custom-kernel',
        key: 'kernel',
        message: 'The file describes kernels that the GPU plug-in compiles and runs.',
      };
    } else if (root === 'net') yield* inspectModel(source, context);
  },
});

function* inspectModel(source: ByteSource, context: ScanContext): Iterable<OpenvinoObservation> {
  const seen = new Set<string>();
  let layers = 0;
  let insideLayer = 0;
  for (const element of readXmlElements(source, context.budget)) {
    if (element.depth === 1) context.fact('format.version', `IR ${(element.attributes['version'] ?? '').slice(0, 10)}`, 'declared');
    if (element.depth <= insideLayer) insideLayer = 0;
    if (element.name === 'layer') {
      layers++;
      insideLayer = element.depth;
    }
    for (const found of inspectElement(element, insideLayer > 0)) {
      if (seen.has(found.rule + found.key) || seen.size >= 200) continue;
      seen.add(found.rule + found.key);
      yield found;
    }
  }
  context.fact('layers', layers);
}

function* inspectElement(element: XmlElement, insideLayer: boolean): Iterable<OpenvinoObservation> {
  const { name, attributes, line } = element;
  if (name === 'layer') yield* customLayer(element);
  if (name === 'data' || name === 'weights' || name === 'biases') {
    const fault = weightsFault(element);
    if (fault !== undefined)
      yield { rule: 'openvino.weights-range', key: 'range', message: `A constant lies outside its weights: ${fault}.`, at: { line } };
  }
  // Why only inside layers: the conversion record at the end of a model lists paths of the machine that made it.
  if (insideLayer) yield* paths(attributes, line);
}

function* customLayer({ attributes, line }: XmlElement): Iterable<OpenvinoObservation> {
  const { type = '', version = '' } = attributes;
  if (OWN_SETS.test(version) || TOKENIZER_OPERATIONS.test(type)) return;
  yield {
    rule: 'openvino.custom-layer',
    key: type.slice(0, 100),
    message: `Layer type ${type.slice(0, 100)} comes from the extension set “${version.slice(0, 60)}”.`,
    at: { line },
  };
}

function* paths(attributes: Readonly<Record<string, string>>, line: number): Iterable<OpenvinoObservation> {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'name' || key === 'type') continue;
    const shown = value.slice(0, 200);
    if (LIBRARY.test(value))
      yield { rule: 'openvino.library-path', key: shown, message: `A layer names the library ${shown}.`, at: { line } };
    else if (PATH_ATTRIBUTE.test(key) && /^(?:[\\/]|[A-Za-z]:[\\/]|\w+:\/\/)|(?:^|[\\/])\.\.(?:[\\/]|$)/.test(value)) {
      yield { rule: 'openvino.path-traversal', key: shown, message: `A layer names the path ${shown}.`, at: { line } };
    }
  }
}
