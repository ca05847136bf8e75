/**
 * Packages whose classes models ordinarily hold. A class below one of these prefixes is data with methods: making one runs
 * code of an installed package that only fills attributes. Functions are not covered: those that rebuild objects are named
 * in {@link REBUILD_FUNCTIONS}, all others only may be referred to.
 */
export const INERT_CLASS_PREFIXES: readonly string[] = [
  'numpy.random',
  'numpy.polynomial',
  'numpy.ma',
  'numpy.rec',
  'numpy.core.records',
  'numpy._core.records',
  'numpy.dtypes',
  'numpy.lib.polynomial',
  'numpy.lib._polynomial_impl',
  'numpy.matrixlib',
  'pandas',
  'pandas.core',
  'pandas._libs',
  'pandas.tseries',
  'pandas.arrays',
  'pandas.indexes',
  'pandas.api.types',
  'scipy.sparse',
  'scipy.stats',
  'scipy.interpolate',
  'scipy.spatial',
  'scipy.optimize',
  'scipy.signal',
  'scipy.fft',
  'scipy.special',
  'scipy.linalg',
  'scipy.cluster',
  'scipy.integrate',
  'scipy.ndimage',
  'scipy._lib._bunch',
  'sklearn',
  'imblearn',
  'category_encoders',
  'feature_engine',
  'lightgbm',
  'xgboost',
  'catboost',
  '_catboost',
  'hdbscan',
  'umap',
  'implicit',
  'surprise',
  'lifelines',
  'prophet',
  'pmdarima',
  'sktime',
  'river',
  'statsmodels',
  'patsy',
  'formulaic',
  'torch.nn.modules',
  'torch.nn.parameter',
  'torch.nn.backends',
  'torch.nn.quantized',
  'torch.nn.intrinsic',
  'torch.nn.utils.parametrize',
  'torch.nn.utils.parametrizations',
  'torch.nn.utils.prune',
  'torch.nn.utils.weight_norm',
  'torch.nn.utils.spectral_norm',
  'torch.nn.utils.rnn',
  'torch.ao.nn',
  'torch.ao.quantization',
  'torch.optim',
  'torch.distributions',
  'torch.utils.data.dataset',
  'torch.utils.data.dataloader',
  'torch.utils.data.sampler',
  'torch.quantization',
  'torch.amp.grad_scaler',
  'torch.cuda.amp.grad_scaler',
  'torchvision.models',
  'torchvision.ops',
  'torchvision.transforms',
  'torchvision.datasets.folder',
  'torchaudio.models',
  'torchaudio.transforms',
  'torchtext.vocab',
  'torch_geometric.data',
  'torch_geometric.nn',
  'torchmetrics',
  'timm.models',
  'timm.layers',
  'pytorch_lightning.callbacks',
  'lightning.pytorch.callbacks',
  'transformers.models',
  'transformers.configuration_utils',
  'transformers.tokenization_utils_base',
  'transformers.tokenization_utils',
  'transformers.trainer_utils',
  'transformers.training_args',
  'transformers.generation',
  'transformers.activations',
  'transformers.integrations.deepspeed',
  'transformers.trainer_pt_utils',
  'accelerate.state',
  'accelerate.utils.dataclasses',
  'accelerate.utils.deepspeed',
  'peft.tuners',
  'peft.utils.peft_types',
  'diffusers.models',
  'diffusers.configuration_utils',
  'sentence_transformers.models',
  'tokenizers',
  'fairseq.data',
  'fairseq.models',
  'fairseq.modules',
  'fairseq.criterions',
  'fairseq.optim',
  'fairseq.dataclass',
  'argparse.Namespace',
  'omegaconf',
  'ultralytics.nn',
  'ultralytics.utils.IterableSimpleNamespace',
  'ultralytics.utils.loss',
  'models.yolo',
  'models.common',
  'models.experimental',
  'spacy.tokens',
  'spacy.vocab',
  'gensim.models',
  'gensim.corpora',
  'nltk.tokenize',
  'nltk.probability',
  'nltk.tag',
  'nltk.classify',
  'networkx.classes',
  'shap',
  'keras.src',
  'keras.models',
  'keras.layers',
  'keras.engine',
  'tensorflow.python.framework',
  'tensorflow.python.keras',
  'tensorflow.python.trackable',
  'polars',
  'pyarrow.lib',
  'sympy.core',
  'PIL.Image.Image',
  'tqdm.std',
  'pytz',
  'dateutil.tz',
  'dateutil.relativedelta',
  'stable_baselines3',
  'gym.spaces',
  'gymnasium.spaces',
  'jax._src',
  'jaxlib',
  'flax.core',
  'optax._src',
  'paddle.nn',
  'paddle.fluid',
  'fastai.data',
  'fastai.learner',
  'fastcore.foundation',
  'fastcore.dispatch',
  'fastcore.transform',
  'joblib.numpy_pickle.NumpyArrayWrapper',
  'joblib.numpy_pickle_compat.NDArrayWrapper',
  'joblib.numpy_pickle_compat.ZNDArrayWrapper',
  'joblib.numpy_pickle.NDArrayWrapper',
  'joblib.numpy_pickle.ZNDArrayWrapper',
];

/**
 * Parts of known packages that load code, open files or reach the network when an object is made: never inert, whatever
 * prefix they stand below.
 */
export const DANGEROUS_SUBMODULES: readonly string[] = [
  'numpy.distutils',
  'numpy.f2py',
  'numpy.testing',
  'numpy.ctypeslib',
  'numpy.lib.npyio',
  'numpy.lib._npyio_impl',
  'numpy.lib._datasource',
  'numpy.lib.format',
  'numpy.lib.utils',
  'numpy.DataSource',
  'numpy.memmap',
  'numpy.load',
  'numpy.save',
  'numpy.savez',
  'numpy.savetxt',
  'numpy.loadtxt',
  'numpy.genfromtxt',
  'numpy.fromfile',
  'numpy.fromregex',
  'numpy.frompyfunc',
  'numpy.vectorize',
  'numpy.apply_along_axis',
  'numpy.apply_over_axes',
  'numpy.piecewise',
  'numpy.fromfunction',
  'numpy.core.memmap',
  'numpy._core.memmap',
  'pandas.io',
  'pandas.read_pickle',
  'pandas.eval',
  'pandas.core.computation',
  'pandas.core.config_init',
  'pandas.util',
  'pandas._testing',
  'pandas.compat',
  'pandas.HDFStore',
  'pandas.ExcelFile',
  'pandas.ExcelWriter',
  'scipy.io',
  'scipy.weave',
  'scipy.LowLevelCallable',
  'sklearn.datasets',
  'sklearn.externals',
  'sklearn.utils._testing',
  'sklearn.utils.fixes',
  'sklearn.utils.parallel',
  'sklearn._build_utils',
  'torch.hub',
  'torch.load',
  'torch.save',
  'torch.jit',
  'torch.package',
  'torch.classes',
  'torch.ops',
  'torch.library',
  'torch.serialization',
  'torch._dynamo',
  'torch._inductor',
  'torch._functorch',
  'torch.fx',
  'torch.fx.experimental',
  'torch.onnx',
  'torch.testing',
  'torch.profiler',
  'torch.autograd',
  'torch.multiprocessing',
  'torch.distributed',
  'torch.compile',
  'torch._lobpcg',
  'torch.utils.collect_env',
  'torch.utils._config_module',
  'torch.utils.cpp_extension',
  'torch.utils.bottleneck',
  'torch.utils.file_baton',
  'torch.utils.hipify',
  'torch.utils.model_zoo',
  'torch.utils.tensorboard',
  'torch.utils.data.datapipes',
  'torch.utils._cpp_extension_versioner',
  'torch.utils.show_pickle',
  'torch._C.import_ir_module',
  'torchvision.io',
  'torchvision.models.utils',
  'torchtext.utils',
  'transformers.dynamic_module_utils',
  'transformers.utils',
  'transformers.pipelines',
  'transformers.commands',
  'joblib.load',
  'joblib.memory',
  'joblib.parallel',
  'joblib.externals',
  'joblib.testing',
  'joblib.numpy_pickle.load',
  'joblib.numpy_pickle_utils',
  'lightgbm.basic._load_lib',
  'xgboost.core._load_lib',
  'xgboost.testing',
  'xgboost.dask',
  'xgboost.spark',
  'keras.src.utils',
  'keras.utils',
  'keras.src.saving',
  'keras.saving',
  'keras.src.legacy',
  'keras.src.export',
  'keras.models.load_model',
  'tensorflow.python.framework.load_library',
  'tensorflow.python.keras.utils',
  'tensorflow.python.keras.saving',
  'polars.io',
  'gensim.utils',
  'nltk.data',
  'nltk.downloader',
  'nltk.app',
  'omegaconf.resolvers',
  'statsmodels.datasets',
  'statsmodels.iolib',
  'statsmodels.compat',
  'sympy.core.sympify',
  'paddle.utils',
];

/** Functions of known packages that picklers name to rebuild an object from its parts. Exact. */
export const REBUILD_FUNCTIONS: ReadonlySet<string> = new Set(
  `
  numpy.core.multiarray._reconstruct numpy._core.multiarray._reconstruct numpy.core.multiarray.scalar numpy._core.multiarray.scalar
  numpy.core.numeric._frombuffer numpy._core.numeric._frombuffer numpy.core._ufunc_reconstruct numpy._core._ufunc_reconstruct
  numpy.ma.core._mareconstruct numpy.ma.mrecords._mrreconstruct numpy.core._convert_to_stringdtype_kwargs
  numpy._core._internal._convert_to_stringdtype_kwargs numpy.core._internal._convert_to_stringdtype_kwargs
  numpy.random._pickle.__randomstate_ctor numpy.random._pickle.__generator_ctor numpy.random._pickle.__bit_generator_ctor
  numpy.random.__RandomState_ctor numpy.random.mtrand.__RandomState_ctor numpy.random.bit_generator.__pyx_unpickle_SeedSequence
  pandas._libs.internals._unpickle_block pandas._libs.arrays.__pyx_unpickle_NDArrayBacked pandas._libs.tslibs.timestamps._unpickle_timestamp
  pandas._libs.tslibs.timedeltas._timedelta_unpickle pandas._libs.tslibs.nattype.__nat_unpickle pandas._libs.tslibs.nattype._nat_unpickle
  pandas._libs.tslibs.offsets._unpickle_offset pandas._libs.tslibs.period._unpickle_period pandas._libs.interval.__pyx_unpickle_IntervalMixin
  pandas.core.indexes.base._new_Index pandas.core.indexes.datetimes._new_DatetimeIndex pandas.core.indexes.period._new_PeriodIndex
  pandas.core.indexes.interval._new_IntervalIndex pandas.core.indexes.multi._new_Index pandas.core.internals.managers._unpickle_block pandas.core.internals.blocks.new_block
  pandas.core.arrays.arrow.array.to_pyarrow_type
  pandas.core.indexes.frozen.FrozenList pandas.core.construction._unpickle_array pandas.core.arrays.sparse.array._reconstruct
  sklearn.tree._tree.Tree sklearn.metrics._dist_metrics.newObj sklearn.neighbors._dist_metrics.newObj sklearn.neighbors.dist_metrics.newObj
  sklearn.neighbors._kd_tree.newObj sklearn.neighbors._ball_tree.newObj sklearn.neighbors.kd_tree.newObj sklearn.neighbors.ball_tree.newObj
  sklearn._loss._loss.__pyx_unpickle_CyHalfBinomialLoss sklearn._loss._loss.__pyx_unpickle_CyLossFunction
  sklearn.linear_model._sgd_fast.__pyx_unpickle_Regression sklearn.utils._random.__pyx_unpickle
  scipy.stats._distn_infrastructure.rv_frozen scipy.interpolate.interpnd._ndim_coords_from_arrays
  torch._utils._rebuild_tensor torch._utils._rebuild_tensor_v2 torch._utils._rebuild_tensor_v3 torch._utils._rebuild_parameter
  torch._utils._rebuild_parameter_with_state torch._utils._rebuild_qtensor torch._utils._rebuild_sparse_tensor
  torch._utils._rebuild_sparse_csr_tensor torch._utils._rebuild_device_tensor_from_numpy torch._utils._rebuild_device_tensor_from_cpu_tensor
  torch._utils._rebuild_meta_tensor_no_storage torch._utils._rebuild_wrapper_subclass torch._utils._rebuild_xla_tensor
  torch._utils._rebuild_nested_tensor torch.storage._load_from_bytes torch.serialization._get_layout torch.device torch.Size torch.dtype
  torch._tensor._rebuild_from_type_v2 torch._tensor._rebuild_from_type torch._utils._rebuild_from_type torch.jit._pickle.build_intlist
  torch.jit._pickle.build_tensorlist torch.jit._pickle.build_doublelist torch.jit._pickle.build_boollist torch.jit._pickle.restore_type_tag
  torch.jit._pickle.build_tensor_from_id torch.nn.parameter.Parameter torch.FloatTensor torch.LongTensor torch.Tensor torch.tensor
  torch.nn.utils.parametrize.type_before_parametrizations torch.Generator torch.torch_version.TorchVersion
  xgboost.core.Booster lightgbm.basic.Booster catboost.core._CatBoostBase
  jax._src.array._reconstruct_array jaxlib.xla_extension.pytree_unpickle jax._src.core.ShapedArray
  pyarrow.lib.type_for_alias pyarrow.lib._restore_array pyarrow.lib.py_buffer pyarrow.lib._rebuild_table
  tensorflow.python.framework.dtypes.as_dtype tensorflow.python.framework.tensor_shape.TensorShape
  paddle.base.core.eager.Tensor paddle.framework.io._rebuild_tensor
  dateutil.tz.tz.tzfile dateutil.tz._common.tzrangebase pytz._UTC pytz._p pytz.tzfile.build_tzinfo
  tokenizers.Tokenizer spacy.tokens.doc.unpickle_doc spacy.vocab.unpickle_vocab sympy.core.symbol.Symbol
  plotly.graph_objs._figure.Figure fastcore.foundation.L patsy.eval._unpickle
  `
    .trim()
    .split(/\s+/),
);

/** Exact names of known packages that are types or constants although they look like functions. */
export const INERT_LOWERCASE: ReadonlySet<string> = new Set(
  `
  numpy.ndarray numpy.dtype numpy.generic numpy.number numpy.integer numpy.floating numpy.inexact numpy.character numpy.flexible
  numpy.bool numpy.bool_ numpy.int8 numpy.int16 numpy.int32 numpy.int64 numpy.uint8 numpy.uint16 numpy.uint32 numpy.uint64 numpy.intc
  numpy.intp numpy.longlong numpy.ulonglong numpy.float16 numpy.float32 numpy.float64 numpy.longdouble numpy.float128 numpy.float_ numpy.int_
  numpy.complex64 numpy.complex128 numpy.clongdouble numpy.str_ numpy.bytes_ numpy.unicode_ numpy.string_ numpy.void numpy.object_
  numpy.datetime64 numpy.timedelta64 numpy.matrix numpy.recarray numpy.record numpy.poly1d numpy.ufunc numpy.nan numpy.inf numpy.finfo
  numpy.iinfo numpy.matrixlib.defmatrix.matrix numpy.core.records.recarray numpy.core.records.record numpy.rec.recarray numpy.rec.record
  numpy.core.multiarray.ndarray numpy._core.multiarray.ndarray numpy.ma.masked_array numpy.core.defchararray.chararray numpy.chararray
  `
    .trim()
    .split(/\s+/),
);

/**
 * Third-party packages whose very purpose is running code, reaching the network or touching files: an import of anything
 * of theirs from a model is a danger.
 */
export const DANGEROUS_PACKAGES: ReadonlySet<string> = new Set(
  `
  aiohttp aiofiles ansible_runner asteval asyncssh billiard boto3 botocore bpython celery cffi click cppyy cython Cython cv2 django docker
  dotenv execnet fabric fastapi fickling fire flask fsspec gdown gevent git gitdb google gradio grequests gunicorn h11 httpx httpcore
  huggingface_hub hydra invoke IPython ipykernel jinja2 jnius jsonpickle js2py jupyter jupyter_core klepto kombu kubernetes langchain langchain_core langchain_community langchain_experimental
  llvmlite loky mako mlflow modelscan monty mypy nbconvert nbformat nose notebook numexpr openai paramiko pdb pexpect pip pkg_resources playwright
  plumbum psutil psycopg2 ptyprocess pwn pwntools py py7zr py_compile pydantic pyximport pymongo pymysql pyperclip Pyro4 Pyro5 pytest _pytest
  ray redis requests restrictedpython rpyc rq ruamel sagemaker selenium setuptools _distutils_hack sh simpleeval smbclient smbprotocol smart_open socketio spawn
  sqlalchemy streamlit tblib tornado trio tvm twisted typer urllib3 uvicorn uvloop virtualenv wandb watchdog webbrowser websocket
  websockets werkzeug wheel win32api win32com win32process winrm xonsh yaml zmq picklescan modelaudit hickle shelve36 cloudpathlib
  pkginfo parso jedi anyio wget pycurl scrapy telnetlib3 ftputil nacl pyautogui pynput mss win32gui comtypes wmi bpy
  `
    .trim()
    .split(/\s+/),
);

/** Functions that make code objects or functions out of shipped bytes, and loaders that shipped-code picklers name. */
export const CODE_MAKERS: readonly string[] = [
  'types.CodeType',
  'types.FunctionType',
  'types.LambdaType',
  'types.CellType',
  'types.new_class',
  'marshal.loads',
  'cloudpickle',
  'dill',
  'joblib.externals.cloudpickle',
  'ray.cloudpickle',
  'pyspark.cloudpickle',
  'pyspark.serializers',
  'torch.package',
  'numba.core.serialize',
  'numba.core.typing.cpython',
  'new.code',
  'new.function',
];
