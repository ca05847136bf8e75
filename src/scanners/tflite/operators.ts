/** Custom operators of TensorFlow Lite itself, of MediaPipe, of TensorFlow Text and of accelerator compilers. */
const KNOWN =
  /^(?:TFLite_Detection_PostProcess|AudioSpectrogram|AudioMicrofrontend|Mfcc|NumericVerify|Convolution2DTransposeBias|MaxPoolingWithArgmax2D|MaxUnpooling2D|Landmarks2TransformMatrix|Landmarks?ToTransformMatrix|TransformTensorBilinear|TransformLandmarks|Resampler|RandomUniform|RandomStandardNormal|Multinomial|Hashtable\w*|LookupTable\w*|Irfft2d|Rfft2d|Atan2|Sign|Roll|Table|Gelu|TFSentencepiece\w+|(?:TFText|tftext)[>:]\w+|edgetpu-custom-op|ethos-u|odml\.\w+|aeq\.\w+|StatefulRandom\w+|CustomAggregator|SimpleMemoryAllocator)$/;

/** Operators that the Flex delegate hands to TensorFlow and that touch files, hosts or Python. */
const FLEX_DANGER =
  /^Flex(?:WriteFile|ReadFile|MatchingFiles\w*|PyFunc\w*|EagerPyFunc|ImmutableConst|Debug(?:Identity|Nan|Numeric)\w*|DatasetFromGraph|Rpc\w+|DataService\w+|RegisterDataset\w*|SaveDataset\w*|DistributedSave|DatasetToTFRecord|Snapshot\w*Dataset\w*|DumpTensor|FileSystemSetConfiguration|Abort|SqlDataset|TextLineDataset|CreateSummary\w+)$/;

/** How well a custom operator is known. */
export function customStanding(name: string): 'flex' | 'known' | 'dangerous' | 'unknown' {
  if (FLEX_DANGER.test(name)) return 'dangerous';
  if (/^Flex[A-Z_]\w*$/.test(name)) return 'flex';
  return KNOWN.test(name) ? 'known' : 'unknown';
}
