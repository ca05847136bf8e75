/**
 * Packages whose classes models ordinarily hold. A class below one of these prefixes is data with methods: making one from
 * plain data runs code of an installed package that only fills attributes. What a class does with texts and functions it is
 * given is another matter: see `construction.ts`.
 */
export const INERT_CLASS_PREFIXES: ReadonlySet<string> = new Set(
  `
  numpy.random numpy.polynomial numpy.ma numpy.rec numpy.core.records numpy._core.records numpy.dtypes numpy.lib.polynomial
  numpy.lib._polynomial_impl numpy.matrixlib numpy.lib.index_tricks numpy.lib._index_tricks_impl
  pandas pandas.core pandas._libs pandas.tseries pandas.arrays pandas.indexes pandas.api.types
  scipy.sparse scipy.stats scipy.interpolate scipy.spatial scipy.optimize scipy.signal scipy.fft scipy.special scipy.linalg scipy.cluster
  scipy.integrate scipy.ndimage scipy._lib._bunch scipy.constants scipy.sparse.linalg
  sklearn sklearn.datasets.base.Bunch sklearn.datasets._base.Bunch sklearn.utils.fixes.MaskedArray
  sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper sklearn.externals.joblib.numpy_pickle.NDArrayWrapper
  sklearn.externals.joblib.numpy_pickle.ZNDArrayWrapper sklearn.externals.joblib.numpy_pickle_compat.NDArrayWrapper
  sklearn.externals.joblib.numpy_pickle_compat.ZNDArrayWrapper
  imblearn category_encoders feature_engine lightgbm xgboost catboost _catboost hdbscan umap implicit surprise lifelines prophet pmdarima
  sktime river statsmodels statsmodels.iolib.summary.Summary statsmodels.iolib.summary2.Summary statsmodels.iolib.table.SimpleTable patsy
  formulaic torch.nn.modules torch.nn.parameter torch.nn.backends torch.nn.quantized torch.nn.intrinsic torch.nn.utils.parametrize
  torch.nn.utils.parametrizations torch.nn.utils.prune torch.nn.utils.weight_norm torch.nn.utils.spectral_norm torch.nn.utils.rnn
  torch.ao.nn torch.ao.quantization torch.optim torch.distributions torch.utils.data.dataset torch.utils.data.sampler torch.quantization
  torch.amp.grad_scaler torch.cuda.amp.grad_scaler torch.utils.data.dataloader.DataLoader torch.utils.data._utils.collate
  torch.distributed.checkpoint.metadata torch.distributed.checkpoint.filesystem._StorageInfo
  torch.distributed.checkpoint.filesystem._StoragePrefix torch.autograd.variable.Variable torch.legacy.nn torch.legacy.optim
  torch.nn.parallel.data_parallel.DataParallel torch.nn.parallel.distributed.DistributedDataParallel
  torchvision.models torchvision.ops torchvision.transforms torchvision.datasets.folder torchvision.tv_tensors
  torchaudio.models torchaudio.transforms torchtext.vocab torchtext.data.field torch_geometric.data torch_geometric.nn torchmetrics
  timm.models timm.layers timm.data timm.optim timm.scheduler
  pytorch_lightning.callbacks pytorch_lightning.utilities.parsing.AttributeDict lightning.pytorch.callbacks
  lightning.pytorch.utilities.parsing.AttributeDict lightning.fabric.utilities.data.AttributeDict transformers.models
  transformers.configuration_utils transformers.tokenization_utils_base transformers.tokenization_utils transformers.trainer_utils
  transformers.training_args transformers.generation transformers.activations transformers.integrations.deepspeed
  transformers.trainer_pt_utils transformers.trainer_callback transformers.training_args_seq2seq transformers.cache_utils
  transformers.modeling_outputs transformers.feature_extraction_utils transformers.image_processing_utils transformers.debug_utils
  transformers.optimization transformers.configuration_bert transformers.modeling_bert transformers.tokenization_bert
  transformers.configuration_roberta transformers.modeling_roberta transformers.tokenization_roberta transformers.configuration_distilbert
  transformers.modeling_distilbert transformers.tokenization_distilbert transformers.configuration_gpt2 transformers.modeling_gpt2
  transformers.tokenization_gpt2 transformers.configuration_xlnet transformers.modeling_xlnet transformers.tokenization_xlnet
  transformers.configuration_albert transformers.modeling_albert transformers.tokenization_albert transformers.configuration_electra
  transformers.modeling_electra transformers.tokenization_electra transformers.configuration_t5 transformers.modeling_t5
  transformers.tokenization_t5 transformers.configuration_bart transformers.modeling_bart transformers.tokenization_bart
  transformers.configuration_xlm transformers.modeling_xlm transformers.tokenization_xlm transformers.configuration_xlm_roberta
  transformers.modeling_xlm_roberta transformers.tokenization_xlm_roberta transformers.configuration_openai transformers.modeling_openai
  transformers.tokenization_openai transformers.configuration_transfo_xl transformers.modeling_transfo_xl
  transformers.tokenization_transfo_xl transformers.configuration_camembert transformers.modeling_camembert
  transformers.tokenization_camembert transformers.configuration_longformer transformers.modeling_longformer
  transformers.tokenization_longformer transformers.configuration_reformer transformers.modeling_reformer
  transformers.tokenization_reformer
  accelerate.utils.dataclasses accelerate.utils.deepspeed accelerate.state.AcceleratorState accelerate.state.PartialState
  accelerate.state.GradientState
  peft.tuners peft.utils.peft_types diffusers.models diffusers.configuration_utils sentence_transformers.models
  sentence_transformers.SentenceTransformer sentence_transformers.losses sentence_transformers.util.similarity tokenizers fairseq.data
  fairseq.models fairseq.modules fairseq.criterions fairseq.optim fairseq.dataclass
  omegaconf ultralytics.nn ultralytics.utils.IterableSimpleNamespace ultralytics.utils.loss ultralytics.utils.tal
  ultralytics.yolo.utils.IterableSimpleNamespace ultralytics.yolo.utils.loss ultralytics.yolo.utils.tal ultralytics.yolo.v8
  models.yolo models.common models.experimental spacy.tokens spacy.vocab spacy.lookups spacy.strings spacy.vectors spacy.morphology
  gensim.models gensim.corpora gensim.matutils gensim.similarities nltk.tokenize nltk.probability nltk.tag nltk.classify nltk.stem
  nltk.collocations nltk.util nltk.lm nltk.tree
  networkx.classes shap keras.src keras.callbacks.History keras.src.callbacks.history keras.preprocessing.text.Tokenizer
  keras.src.legacy.preprocessing.text.Tokenizer keras.src.preprocessing.text.Tokenizer keras.models keras.layers keras.engine
  keras_preprocessing.text.Tokenizer fbprophet.forecaster hmmlearn sklearn_crfsuite astropy.units astropy.table astropy.time attrdict
  regex._regex_core tensorflow.python.framework tensorflow.python.keras tensorflow.python.trackable
  tensorflow.python.keras.callbacks.History tensorflow.python.keras.preprocessing.text.Tokenizer
  tensorflow.keras.preprocessing.text.Tokenizer tensorflow.python.training.tracking.data_structures
  polars.DataFrame polars.Series polars.dataframe.frame.DataFrame polars.series.series.Series polars.datatypes
  pyarrow.lib.Schema pyarrow.lib.Field pyarrow.lib.Table pyarrow.lib.RecordBatch pyarrow.lib.DataType pyarrow.lib.ChunkedArray
  sympy.core sympy.integrals sympy.polys sympy.concrete sympy.series sympy.sets sympy.logic sympy.tensor sympy.geometry sympy.functions
  sympy.matrices
  stable_baselines3.common stable_baselines3.ppo stable_baselines3.a2c stable_baselines3.dqn stable_baselines3.sac stable_baselines3.td3
  torch_sparse.tensor torch_sparse.storage trl.trainer detectron2.config.config detectron2.structures mmcv.utils.config
  mmengine.config.config mmengine.logging.history_buffer yacs.config easydict addict.addict munch box.box bertopic._bertopic
  sacremoses.tokenize sacremoses.truecase preshed lightning_fabric.utilities.data.AttributeDict shapely.geometry matplotlib.figure
  matplotlib.cbook.CallbackRegistry matplotlib.cbook.Grouper matplotlib.cbook._OrderedSet matplotlib.axes matplotlib.transforms
  matplotlib.gridspec matplotlib.lines matplotlib.markers matplotlib.path matplotlib.spines matplotlib.axis matplotlib.ticker
  matplotlib.text matplotlib.font_manager.FontProperties matplotlib.scale matplotlib.patches matplotlib._enums matplotlib.collections
  matplotlib.legend matplotlib.image.AxesImage matplotlib.container matplotlib.cm matplotlib.colorizer matplotlib.colors
  xarray.core xarray.namedarray geopandas.geodataframe geopandas.geoseries geopandas.array pyproj.crs Levenshtein mlxtend
  scikeras.wrappers skorch optuna.study optuna.trial optuna.distributions optuna.samplers optuna.pruners optuna.storages._in_memory
  pgmpy GPy gpytorch botorch deap.base deap.tools datasets.features datasets.info datasets.splits pymc3 arviz Bio.Seq Bio.SeqRecord
  Bio.Align rdkit.Chem.rdchem rdkit.DataStructs.cDataStructs ase.atoms pymatgen.core langchain_core.documents.base.Document
  langchain.schema.Document langchain.schema.document.Document langchain.docstore.document.Document
  langchain.docstore.in_memory.InMemoryDocstore langchain_community.docstore.in_memory.InMemoryDocstore mlflow.pyfunc.model.PythonModel
  mlflow.pyfunc.model.PythonModelContext mlflow.models.signature mlflow.types.schema PIL.Image.Image tqdm.std pytz dateutil.tz
  dateutil.relativedelta gym.spaces gymnasium.spaces jax._src jaxlib flax.core optax._src paddle.nn paddle.fluid fastai.data
  fastai.learner fastcore.foundation fastcore.dispatch fastcore.transform joblib.numpy_pickle.NumpyArrayWrapper
  joblib.numpy_pickle_compat.NDArrayWrapper joblib.numpy_pickle_compat.ZNDArrayWrapper joblib.numpy_pickle.NDArrayWrapper
  joblib.numpy_pickle.ZNDArrayWrapper
  `
    .trim()
    .split(/\s+/),
);

/** Modules of known packages whose functions models ordinarily refer to: activations, scores, distances, kernels. */
export const PURE_MODULES: ReadonlySet<string> = new Set(
  `
  matplotlib.cbook matplotlib.backend_bases numpy.linalg numpy.fft numpy.lib numpy.core numpy._core
  scipy._lib.array_api_compat torch.nn.functional torch.nn.init torch.special torch._C._nn torch._C._special torch._C._VariableFunctions
  torch.functional torch.linalg torch.utils.data._utils.collate
  torchvision.transforms.functional transformers.data.data_collator keras.activations keras.losses keras.metrics keras.ops
  sentence_transformers.util jax.nn optax
  `
    .trim()
    .split(/\s+/),
);

/** Exact names of known packages that are types or constants although they look like functions. */
export const INERT_LOWERCASE: ReadonlySet<string> = new Set(
  `
  numpy.ndarray numpy.dtype numpy.generic numpy.number numpy.integer numpy.floating numpy.inexact numpy.character numpy.flexible
  numpy.bool numpy.bool_ numpy.int8 numpy.int16 numpy.int32 numpy.int64 numpy.uint8 numpy.uint16 numpy.uint32 numpy.uint64 numpy.intc
  numpy.intp numpy.longlong numpy.ulonglong numpy.float16 numpy.float32 numpy.float64 numpy.longdouble numpy.float128 numpy.float_
  numpy.int_ numpy.complex64 numpy.complex128 numpy.clongdouble numpy.str_ numpy.bytes_ numpy.unicode_ numpy.string_ numpy.void
  numpy.object_ numpy.datetime64 numpy.timedelta64 numpy.matrix numpy.recarray numpy.record numpy.poly1d numpy.ufunc numpy.nan numpy.inf
  numpy.finfo numpy.iinfo numpy.matrixlib.defmatrix.matrix numpy.core.records.recarray numpy.core.records.record numpy.rec.recarray
  numpy.rec.record numpy.core.multiarray.ndarray numpy._core.multiarray.ndarray numpy.ma.masked_array numpy.core.defchararray.chararray
  numpy.chararray
  `
    .trim()
    .split(/\s+/),
);
