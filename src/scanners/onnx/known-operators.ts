/**
 * Operators of the default domain: all that the ONNX standard has had (onnx.defs with history, Apache-2.0), the experimental
 * ones of its first releases, and those that ONNX Runtime writes into that domain.
 */
const DEFAULT_OPERATORS = new Set(
  (
    'Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization Bernoulli BitCast BitShift ' +
    'BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike CausalConvWithState Ceil Celu CenterCropPad Clip Col2Im Compress Concat ' +
    'ConcatFromSequence Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumProd CumSum DFT DeformConv DepthToSpace ' +
    'DequantizeLinear Det Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements ' +
    'GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HammingWindow ' +
    'HannWindow HardSigmoid HardSwish Hardmax Identity If ImageDecoder InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu ' +
    'Less LessOrEqual LinearAttention Log LogSoftmax Loop LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean ' +
    'MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul Multinomial Neg NegativeLogLikelihoodLoss NonMaxSuppression NonZero Not OneHot ' +
    'Optional OptionalGetElement OptionalHasElement Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization RNN RandomNormal ' +
    'RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ' +
    'ReduceMin ReduceProd ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize ReverseSequence RoiAlign RotaryEmbedding Round STFT Scan ' +
    'Scatter ScatterElements ScatterND Selu SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap ' +
    'Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split SplitToSequence Sqrt ' +
    'Squeeze StringConcat StringNormalizer StringSplit Sub Sum SwiGLU Swish Tan Tanh TensorScatter TfIdfVectorizer ThresholdedRelu Tile TopK ' +
    'Transpose Trilu Unique Unsqueeze Upsample Where Xor ' +
    'Affine ATen ConstantFill Crop DynamicSlice FC GRUUnit GivenTensorFill ImageScaler ParametricSoftplus Scale ScaledTanh ' +
    'FusedConv FusedGemm FusedMatMul SimplifiedLayerNormalization SkipLayerNormalization SkipSimplifiedLayerNormalization MemcpyFromHost MemcpyToHost'
  ).split(' '),
);

/** Domains whose operators are part of the standard or ship inside the widespread runtimes and exporters. */
const KNOWN_DOMAINS = new Set([
  'ai.onnx.ml',
  'ai.onnx.training',
  'ai.onnx.preview',
  'ai.onnx.preview.training',
  'com.microsoft',
  'com.ms.internal.nhwc',
  'com.ms.internal.nchwc',
  'org.pytorch.aten',
]);

/** Domains of add-ons that ship as a native library of their own: ordinary, worth a note. */
const ADD_ON_DOMAINS = new Set(['ai.onnx.contrib', 'ai.onnxruntime.extensions', 'onnx.brevitas', 'trt.plugins', 'onnx.quantization.qonnx']);

/** How well an operator is known that the model does not define itself. */
export function operatorStanding(domain: string, opType: string): 'known' | 'add-on' | 'unknown' {
  if (domain === '' || domain === 'ai.onnx') return DEFAULT_OPERATORS.has(opType) ? 'known' : 'unknown';
  if (KNOWN_DOMAINS.has(domain) || domain.startsWith('com.microsoft.')) return 'known';
  return ADD_ON_DOMAINS.has(domain) || domain.startsWith('qonnx.') ? 'add-on' : 'unknown';
}

/** Operators that run Python code named in the model, inside the process that loads it. */
const PYTHON_OPERATORS = new Set(['PyOp', 'PythonOp', 'PythonOpGrad', 'PyCustomOp']);

/** True for an operator that calls Python; the exact name, never a part of one. */
export function isPythonOperator(opType: string): boolean {
  return PYTHON_OPERATORS.has(opType);
}
