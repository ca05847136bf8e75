/** The words of a text: how lists of names are written here. */
export function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/**
 * Classes of Keras 1 to 3 that only compute: the legacy formats name them without a module, so a name outside this list is a
 * custom class, whose code is not in the file. Classes that load, run or rebuild something are left out on purpose.
 */
export const KERAS_CLASSES: ReadonlySet<string> = new Set([
  ...words(`Model Sequential Functional Graph Layer InputLayer InputSpec Node KerasTensor Variable Operation LinearModel WideDeepModel`),
  ...words(`Activation ActivityRegularization AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D
    AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add AddLoss AddMetric AdditiveAttention AlphaDropout
    AtrousConvolution1D AtrousConvolution2D Attention AugMix AutoContrast Average AveragePooling1D AveragePooling2D AveragePooling3D
    AvgPool1D AvgPool2D AvgPool3D BaseRandomLayer BatchNormalization BatchNormalizationV1 BatchNormalizationV2 Bidirectional
    CategoryCrossing CategoryEncoding CenterCrop ClassMethod Concatenate ContrastLimitedAdaptiveHistogramEqualization Conv1D
    Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D ConvRecurrent2D Convolution1D
    Convolution1DTranspose Convolution2D Convolution2DTranspose Convolution3D Convolution3DTranspose Cropping1D Cropping2D Cropping3D
    CuDNNGRU CuDNNLSTM CutMix Deconvolution2D Deconvolution3D Dense DenseFeatures DepthwiseConv1D DepthwiseConv2D DeviceCell
    Discretization Dot Dropout ELU EinsumDense Embedding Equalization Flatten GRU GRUCell GRUCellV2 GRUV2 GaussianDropout
    GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D
    GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D
    GroupNormalization GroupQueryAttention GroupedQueryAttention HashedCrossing Hashing Highway Identity InstanceMethod
    InstanceProperty IntegerLookup LSTM LSTMCell LSTMCellV2 LSTMV2 LayerNormalization LeakyReLU LocallyConnected1D
    LocallyConnected2D Masking MaxNumBoundingBoxes MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D Maximum
    MaxoutDense MelSpectrogram Merge Minimum MixUp MultiHeadAttention Multiply Normalization PReLU ParametricSoftplus
    PeepholeLSTMCell Permute Pipeline PreprocessingLayer RMSNormalization RNN RandAugment RandomApply RandomBrightness RandomChoice
    RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip
    RandomFourierFeatures RandomGaussianBlur RandomGrayscale RandomHeight RandomHue RandomInvert RandomPerspective RandomPosterization
    RandomRotation RandomSaturation RandomSharpness RandomShear RandomTranslation RandomWidth RandomZoom ReLU RepeatVector Rescaling
    Reshape Resizing ReversibleEmbedding STFTSpectrogram SReLU SeparableConv1D SeparableConv2D SeparableConvolution1D
    SeparableConvolution2D SequenceFeatures SimpleRNN SimpleRNNCell SlicingOpLambda Softmax Solarization SpatialDropout1D
    SpatialDropout2D SpatialDropout3D SpectralNormalization StackedRNNCells StringLookup Subtract SyncBatchNormalization TFOpLambda
    TensorFlowOpLayer TextVectorization ThresholdedReLU TimeDistributed TimeDistributedDense UnitNormalization UpSampling1D
    UpSampling2D UpSampling3D Wrapper ZeroPadding1D ZeroPadding2D ZeroPadding3D FeatureSpace Feature Cross Crossing`),
  ...words(`Constant GlorotNormal GlorotUniform HeNormal HeUniform IdentityInitializer Initializer LecunNormal LecunUniform Ones
    Orthogonal OrthogonalInitializer RandomNormal RandomUniform STFT STFTInitializer TruncatedNormal VarianceScaling Zeros
    L1 L1L2 L2 OrthogonalRegularizer Regularizer Constraint MaxNorm MinMaxNorm NonNeg RadialConstraint UnitNorm SeedGenerator`),
  ...words(`Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion LossScaleOptimizer LossScaleOptimizerV1 LossScaleOptimizerV3
    MultiOptimizer Muon Nadam Optimizer OptimizerMap RMSprop SGD ScheduleFreeAdamW TFOptimizer CosineDecay CosineDecayRestarts
    ExponentialDecay InverseTimeDecay LearningRateSchedule LinearCosineDecay NoisyLinearCosineDecay PiecewiseConstantDecay
    PolynomialDecay DynamicLossScale FixedLossScale AdamOptimizer GradientDescentOptimizer MomentumOptimizer RMSPropOptimizer
    AdagradOptimizer`),
  ...words(`BinaryCrossentropy BinaryFocalCrossentropy CTC CategoricalCrossentropy CategoricalFocalCrossentropy
    CategoricalGeneralizedCrossEntropy CategoricalHinge Circle CompileLoss CompileMetrics CosineProximity CosineSimilarity Dice Hinge
    Huber KLDivergence LogCosh Loss LossFunctionWrapper LossesContainer MeanAbsoluteError MeanAbsolutePercentageError
    MeanSquaredError MeanSquaredLogarithmicError MetricsContainer MetricsList Poisson Reduction SparseCategoricalCrossentropy
    SquaredHinge Tversky AUC Accuracy BinaryAccuracy BinaryIoU CategoricalAccuracy ConcordanceCorrelation F1Score FBetaScore
    FalseNegatives FalsePositives IoU LogCoshError Mean MeanIoU MeanMetricWrapper MeanRelativeError MeanTensor Metric OneHotIoU
    OneHotMeanIoU PearsonCorrelation Precision PrecisionAtRecall R2Score Recall RecallAtPrecision RootMeanSquaredError
    SensitivityAtSpecificity SparseCategoricalAccuracy SparseTopKCategoricalAccuracy SpecificityAtSensitivity Sum SumOverBatchSize
    SumOverBatchSizeMetricWrapper TopKCategoricalAccuracy TrueNegatives TruePositives`),
  ...words(`ConvLSTM ConvLSTMCell CustomScaleLayer DataLayer FakeQuantWithMinMaxVars IndexLookup LayerScale StochasticDepth TFDConcat
    TFDIdentity`),
  // Operations of `keras.ops`, which functional models hold as layers; those that call a function they are given are left out.
  ...words(`Abs Absolute AdaptiveAveragePool AdaptiveMaxPool AffineTransform All AllClose Amax Amin Angle Any Append Arange Arccos Arccosh
    Arcsin Arcsinh Arctan Arctan2 Arctanh Argmax Argmin Argpartition Argsort Array ArraySplit AveragePool BatchNorm Bincount
    BitwiseAnd BitwiseInvert BitwiseLeftShift BitwiseNot BitwiseOr BitwiseRightShift BitwiseXor BroadcastTo CDist CTCDecode CTCLoss
    Cast Cbrt Ceil Celu Cholesky CholeskyInverse Clip Conj Conjugate Conv ConvTranspose ConvertToTensor Copy Corrcoef Correlate Cos
    Cosh CountNonzero CropImages Cumprod Cumsum Deg2rad DepthToSpace DepthwiseConv Det Diag Diagflat Diagonal Diff Digitize Divide
    DivideNoNan DotProductAttention Dsplit Dstack Eig Eigh Einsum ElasticTransform Elu EmptyLike Equal Erf Erfc Erfinv Exp Exp2
    ExpandDims Expm1 ExtractPatches ExtractSequences FFT FFT2 Fabs Flip Fliplr Flipud Floor FloorDivide Fmax Fmin Fmod Fold Full
    FullLike GaussianBlur Gcd Gelu Geomspace GetItem Glu Greater GreaterEqual HSVToRGB HardShrink HardSigmoid HardSilu HardTanh
    Heaviside Histogram Hsplit Hstack Hypot I0 IFFT2 IRFFT ISTFT Imag InTopK Inner Inv IsIn Isclose Isfinite Isinf Isnan Isneginf
    Isposinf Isreal Kron LayerNorm Lcm Ldexp LeakyRelu LeftShift Less LessEqual Linspace Log Log10 Log1p Log2 LogSigmoid LogSoftmax
    Logaddexp Logaddexp2 Logdet LogicalAnd LogicalNot LogicalOr LogicalXor Logspace Logsumexp Lstsq LuFactor MapCoordinates Matmul
    MatrixRank Max MaxPool Median Meshgrid Min Mod Moments Moveaxis MultiHot NanToNum Nanargmax Nanargmin Nancumprod Nancumsum Nanmax
    Nanmean Nanmedian Nanmin Nanpercentile Nanprod Nanquantile Nanstd Nansum Nanvar Ndim Negative Nextafter Nonzero Norm Normalize
    NotEqual OneHot OnesLike Outer PSNR Pad PadImages Percentile PerspectiveTransform Pinv Polar Power Prod Ptp Qr Quantile RFFT
    RGBToGrayscale RGBToHSV RMSNorm Rad2deg Ravel Real Rearrange Reciprocal Relu Relu6 Repeat Resize RightShift Roll Rot90 Round Rsqrt
    SSIM SVD SaturateCast ScaleAndTranslate Scatter ScatterUpdate SearchSorted SegmentMax SegmentMin SegmentProd SegmentReduction
    SegmentSum Select Selu SeparableConv Sigmoid Sign Signbit Silu Sin Sinc Sinh Size Slice SliceUpdate Slogdet SobelEdges SoftShrink
    Softplus Softsign Solve SolveTriangular Sort SpaceToDepth SparsePlus SparseSigmoid Sparsemax Split Sqrt Square Squareplus Squeeze
    Stack Std StopGradient Swapaxes Take TakeAlongAxis Tan Tanh TanhShrink Tensordot Threshold Tile TopK Trace Transpose Trapezoid
    Tril Triu TrueDivide Trunc Unfold Unique UnravelIndex Unstack Vander Var Vdot View ViewAsComplex ViewAsReal Vsplit Vstack Where
    ZerosLike`),
  ...words(`AWQConfig AWQDTypePolicy AbsMaxQuantizer DTypePolicy DTypePolicyMap Float8QuantizationConfig FloatDTypePolicy GPTQConfig
    GPTQDTypePolicy Int4DTypePolicy Int4QuantizationConfig Int8QuantizationConfig Policy PolicyV1 QuantizationConfig
    QuantizedDTypePolicy QuantizedFloat8DTypePolicy Quantizer DistillationLoss Distiller FeatureDistillation LogitsDistillation`),
]);

/** Functions of Keras that a configuration refers to by name: they compute on tensors and take nothing from outside. */
export const KERAS_FUNCTIONS: ReadonlySet<string> = new Set(
  words(`celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear log_sigmoid log_softmax
    mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh
    tanh_shrink threshold binary_crossentropy binary_focal_crossentropy categorical_crossentropy categorical_focal_crossentropy
    categorical_generalized_cross_entropy categorical_hinge circle cosine_proximity cosine_similarity cosine ctc dice hinge huber
    huber_loss kl_divergence kullback_leibler_divergence kld log_cosh logcosh mae mape mean_absolute_error
    mean_absolute_percentage_error mean_squared_error mean_squared_logarithmic_error mse msle poisson sparse_categorical_crossentropy
    squared_hinge tversky acc accuracy binary_accuracy categorical_accuracy concordance_correlation crossentropy pearson_correlation
    sparse_categorical_accuracy sparse_top_k_categorical_accuracy top_k_categorical_accuracy constant glorot_normal glorot_uniform
    he_normal he_uniform identity lecun_normal lecun_uniform ones orthogonal random_normal random_uniform stft truncated_normal
    variance_scaling zeros uniform normal l1 l1_l2 l2 l1l2 orthogonal_regularizer max_norm maxnorm min_max_norm non_neg nonneg unit_norm
    unitnorm abs_max_quantize bce kld`),
);
