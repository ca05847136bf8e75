/** What a dangerous operator does with the text it is given. */
export type Effect =
  | 'write' // creates or overwrites the file
  | 'save' // writes variables in checkpoint form: ordinary where the path is an input
  | 'cache' // writes and later reads a dataset: ordinary where the path is empty (memory)
  | 'summary' // writes event files into a folder
  | 'print' // writes to a stream, which may be a file
  | 'read' // reads any file as it is
  | 'lines' // reads a file as lines, records of fixed length, a table or a vocabulary
  | 'records' // reads a file that carries its own framing and checksums
  | 'descriptor' // reads a protobuf descriptor set
  | 'debug' // sends tensors to debug URLs
  | 'network' // talks to another host
  | 'python' // calls a Python function of the host process
  | 'graph' // runs a graph that arrives as a string
  | 'native' // calls native code by name
  | 'control'; // changes or stops the host process

/** Where the text comes from: inputs by position, or attributes by name. */
export interface DangerousOperator {
  readonly effect: Effect;
  readonly inputs?: readonly number[];
  readonly attributes?: readonly string[];
}

const FIRST = [0] as const;
const SECOND = [1] as const;

function all(effect: Effect, inputs: readonly number[], names: string): [string, DangerousOperator][] {
  return names.split(' ').map((name) => [name, { effect, inputs }]);
}

function byAttribute(effect: Effect, attributes: readonly string[], names: string): [string, DangerousOperator][] {
  return names.split(' ').map((name) => [name, { effect, attributes }]);
}

/** Operators that reach beyond the computation: files, network, Python, the process. Chosen from TensorFlow's own registry. */
export const DANGEROUS: ReadonlyMap<string, DangerousOperator> = new Map([
  ...all('write', FIRST, 'WriteFile'),
  ...all('write', SECOND, 'SaveDataset SaveDatasetV2 DatasetToTFRecord ExperimentalDatasetToTFRecord CreateSummaryDbWriter'),
  ...byAttribute('write', ['log_dir_path', 'file_name'], 'DumpTensor'),
  ...byAttribute('write', ['output_file_path'], 'CalibrationStatisticsSaver'),
  ...all('save', FIRST, 'Save SaveV2 SaveSlices'),
  ...all('save', SECOND, 'MergeV2Checkpoints'),
  ...all('cache', SECOND, 'CacheDataset CacheDatasetV2 SnapshotDataset SnapshotDatasetV2'),
  ...all('summary', SECOND, 'CreateSummaryFileWriter'),
  ...byAttribute('print', ['output_stream'], 'PrintV2'),
  ...all('read', FIRST, 'ReadFile'),
  ...byAttribute('read', ['memory_region_name'], 'ImmutableConst'),
  ...all(
    'lines',
    FIRST,
    'MatchingFiles MatchingFilesDataset ExperimentalMatchingFilesDataset TextLineDataset CSVDataset CSVDatasetV2 ExperimentalCSVDataset',
  ),
  ...all('lines', FIRST, 'FixedLengthRecordDataset FixedLengthRecordDatasetV2'),
  ...all('lines', SECOND, 'InitializeTableFromTextFile InitializeTableFromTextFileV2'),
  ...all('lines', [0, 1], 'GenerateVocabRemapping SqlDataset ExperimentalSqlDataset'),
  ...byAttribute('lines', ['vocab_file'], 'FixedUnigramCandidateSampler'),
  ...byAttribute('lines', ['filename'], 'Skipgram'),
  ...byAttribute('lines', ['file_pattern'], 'RecordInput'),
  ...all('records', FIRST, 'TFRecordDataset TFRecordDatasetV2 LMDBDataset ExperimentalLMDBDataset LoadDataset LoadAndRemapMatrix'),
  ...all(
    'records',
    FIRST,
    'Restore RestoreSlice RestoreV2 DTensorRestoreV2 ListSnapshotChunksDataset SnapshotChunkDataset SnapshotDatasetReader',
  ),
  ...byAttribute('descriptor', ['descriptor_source'], 'DecodeProtoV2 EncodeProto'),
  ...byAttribute(
    'debug',
    ['debug_urls', 'debug_ops_spec'],
    'DebugIdentity DebugIdentityV2 DebugIdentityV3 DebugNanCount DebugNumericSummary Copy CopyHost',
  ),
  ...all('network', FIRST, 'RpcServer RpcClient'),
  ...all('network', SECOND, 'RegisterDataset RegisterDatasetV2'),
  ...all('network', [2], 'DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4'),
  ...all('network', [1, 2], 'DistributedSave'),
  ...byAttribute('python', ['token'], 'PyFunc PyFuncStateless EagerPyFunc'),
  ...all('graph', FIRST, 'DatasetFromGraph'),
  ...byAttribute('graph', ['serialized_remote_fused_graph_execute_info'], 'RemoteFusedGraphExecute'),
  ...byAttribute('native', ['call_target_name', 'target_name'], 'XlaCustomCall XlaCustomCallV2'),
  ...byAttribute('control', ['error_msg'], 'Abort'),
  ...all('control', [0, 1, 2], 'FileSystemSetConfiguration'),
]);

/**
 * Operators of libraries that many published models need: TensorFlow Text, Addons, Decision Forests, Recommenders, Transform.
 * They run native code that is not part of TensorFlow, so they are noted.
 */
const ADD_ON =
  /^(?:(?:Addons|TFText|Text|Recommenders|KerasNLP|TFDF|Struct2Tensor|Tfra|TFRA)>\w+|SimpleML\w+|Yggdrasil\w+|\w*Sentencepiece\w*|\w*[Ww]ordpiece\w*|\w*TokenizeWithOffsets\w*|RegexSplitWithOffsets|CaseFoldUTF8|NormalizeUTF8\w*|FindSourceOffsets|ConstrainedSequence|SentenceFragments\w*|StateBasedSentenceBreaker\w*|RougeL|Wordshape|ByteSplit\w*|FastBertNormalize|PhraseTokenize\w*|HubModule\w+|MaxSpanningTree|RoundRobin\w*Trim\w*|UtfToUtf\w*)$/;

/** True for an operator of a widespread add-on library. */
export function isAddOnOperator(name: string): boolean {
  return ADD_ON.test(name);
}
