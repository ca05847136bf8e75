/**
 * Parts of known packages that load code, open files or reach the network when an object is made: never inert, whatever
 * prefix they stand below.
 */
export const DANGEROUS_SUBMODULES: ReadonlySet<string> = new Set(
  `
  numpy.distutils numpy.f2py numpy.testing numpy.ctypeslib numpy.lib.npyio numpy.lib._npyio_impl numpy.lib._datasource numpy.lib.format
  numpy.lib.utils numpy.DataSource numpy.memmap numpy.load numpy.save numpy.savez numpy.savetxt numpy.loadtxt numpy.genfromtxt
  numpy.fromfile numpy.fromregex numpy.frompyfunc numpy.vectorize numpy.apply_along_axis numpy.apply_over_axes numpy.piecewise
  numpy.fromfunction numpy.core.memmap numpy._core.memmap numpy._core.multiarray.fromfile numpy._core.records.fromfile numpy._core.tests
  numpy._distributor_init numpy._pytesttester numpy.conftest numpy.core._dtype_ctypes numpy.core._internal.dummy_ctype
  numpy.core.cversions numpy.core.generate_numpy_api numpy.core.multiarray.add_docstring numpy.core.multiarray.fromfile
  numpy.core.records.fromfile numpy.core.setup_common numpy.core.tests numpy.info numpy.lib.introspect numpy.lib.user_array numpy.lookfor
  numpy.ma.apply_along_axis numpy.ma.tests numpy.ma.testutils numpy.random._examples numpy.random.tests numpy.rec.fromfile
  numpy.savez_compressed numpy.setup numpy.show_config numpy.show_runtime numpy.source numpy.test numpy.tests
  pandas.io pandas.read_pickle pandas.eval pandas.core.computation pandas.core.config_init pandas.util pandas._testing pandas.compat
  pandas.HDFStore pandas.ExcelFile pandas.ExcelWriter pandas._libs.json pandas._libs.parsers pandas._libs.writers pandas.core.accessor
  pandas.core.apply pandas.core.interchange pandas.core.internals.construction pandas.core.reshape.util pandas.plotting
  pandas.show_versions pandas.test pandas.tests
  scipy.io scipy.weave scipy.LowLevelCallable scipy._build_utils scipy._lib._ccallback scipy._lib._testutils scipy._lib._tmpdirs
  scipy.conftest scipy.datasets scipy.integrate.LowLevelCallable scipy.linalg._generate_pyx scipy.misc scipy.optimize._tstutils
  scipy.sparse._generate_sparsetools scipy.sparse._matrix_io scipy.sparse.load_npz scipy.sparse.save_npz
  scipy.spatial.transform._rotation_groups scipy.special._generate_pyx scipy.special._mptestutils scipy.special._test_internal
  scipy.stats._rvs_sampling scipy.stats._unuran scipy.stats.sampling
  sklearn.datasets sklearn.externals sklearn.utils._testing sklearn.utils.fixes sklearn.utils.parallel sklearn._build_utils
  sklearn._min_dependencies sklearn.callback sklearn.conftest sklearn.setup sklearn.show_versions sklearn.utils._joblib
  sklearn.utils._openmp_helpers sklearn.utils._show_versions sklearn.utils.deprecation sklearn.utils.discovery
  sklearn.utils.estimator_checks sklearn.utils.metaestimators._safe_split sklearn.utils.testing
  torch.hub torch.load torch.save torch.jit torch.package torch.classes torch.ops torch.library torch.serialization torch._dynamo
  torch._inductor torch._functorch torch.fx torch.fx.experimental torch.onnx torch.testing torch.profiler torch.autograd
  torch.multiprocessing torch.distributed torch.compile torch._lobpcg torch.utils.collect_env torch.utils._config_module
  torch.utils.cpp_extension torch.utils.bottleneck torch.utils.file_baton torch.utils.hipify torch.utils.model_zoo torch.utils.tensorboard
  torch.utils.data.datapipes torch.utils._cpp_extension_versioner torch.utils.show_pickle torch._C.import_ir_module
  torch._C.PyTorchFileReader torch._C.PyTorchFileWriter torch._C._import torch._C._jit torch._C._load torch._appdirs torch._awaits
  torch._compile torch._custom_op torch._custom_ops torch._environment torch._export torch._guards torch._higher_order_ops torch._lazy
  torch._logging torch._native torch._numpy torch._prims torch._refs torch._sources torch._strobelight torch._subclasses
  torch._thread_safe_fork torch._vendor torch._weights_only_unpickler torch.accelerator torch.ao.ns torch.ao.pruning
  torch.ao.quantization._learnable_fake_quantize torch.ao.quantization.fx torch.ao.quantization.pt2e torch.backends.xeon torch.contrib
  torch.csrc torch.cuda._memory_viz torch.cuda._utils torch.cuda.memory torch.cuda.nccl torch.export torch.from_file torch.futures
  torch.headeronly torch.import_ir_module torch.monitor torch.nn.parallel torch.numa torch.utils._debug_mode torch.utils._freeze
  torch.utils._get_clean_triton torch.utils._import_utils torch.utils._python_dispatch torch.utils._traceback torch.utils._triton
  torch.utils._zip torch.utils.backend_registration torch.utils.benchmark torch.utils.data._utils.signal_handling
  torch.utils.data._utils.worker torch.utils.data.backward_compatibility torch.utils.data.graph torch.utils.dlpack torch.utils.jit
  torch.utils.mkldnn torch.utils.mobile_optimizer torch.utils.module_tracker torch.utils.serialization torch.utils.throughput_benchmark
  torch.utils.viz torch.utils.weak torch.xpu
  torchvision.io torchvision.models.utils torchvision._internally_replaced_utils torchvision.datasets torchvision.extension
  torchvision.models._api torchvision.models._utils torchvision.prototype
  torchtext.utils torchtext.data torchtext.datasets transformers.dynamic_module_utils transformers.utils transformers.pipelines
  transformers.commands transformers.agents transformers.convert_graph_to_onnx transformers.file_utils transformers.generation.streamers
  transformers.hf_argparser transformers.integrations.integration_utils transformers.models.auto transformers.models.deprecated
  transformers.testing_utils transformers.tools transformers.models.rag.retrieval_rag
  transformers.models.transfo_xl.tokenization_transfo_xl
  joblib.load joblib.memory joblib.parallel joblib.externals joblib.testing joblib.numpy_pickle.load joblib.numpy_pickle_utils
  joblib.Memory joblib.Parallel joblib._dask joblib._memmapping_reducer joblib._parallel_backends joblib._store_backends joblib.backports
  joblib.disk joblib.dump joblib.executor joblib.func_inspect joblib.hashing joblib.logger joblib.pool joblib.register_parallel_backend
  joblib.wrap_non_picklable_objects
  lightgbm.basic._load_lib lightgbm.Dataset lightgbm.Sequence lightgbm.basic.Dataset lightgbm.dask lightgbm.libpath lightgbm.plotting
  xgboost.core._load_lib xgboost.testing xgboost.dask xgboost.spark xgboost.DMatrix xgboost.ExtMemQuantileDMatrix xgboost.QuantileDMatrix
  xgboost.collective xgboost.core.DMatrix xgboost.core.DataIter xgboost.core.ExtMemQuantileDMatrix xgboost.core.QuantileDMatrix
  xgboost.data xgboost.federated xgboost.libpath xgboost.plotting xgboost.rabit xgboost.tracker
  keras.src.utils keras.utils keras.src.saving keras.saving keras.src.legacy keras.src.export keras.models.load_model
  keras.src.applications keras.src.backend.common.remat keras.src.backend.tensorflow.saved keras.src.callbacks keras.src.datasets
  keras.src.distribution keras.src.layers.core.lambda_layer keras.src.layers.preprocessing.string_lookup
  keras.src.models.functional.functional_from_config keras.src.testing keras.src.trainers.data_adapters keras.src.tree
  keras.src.utils.torch_utils keras.src.visualizers keras.src.wrappers keras.layers.Lambda keras.layers.core.Lambda
  keras.layers.core.lambda_layer keras.layers.core.tf_op_layer keras.layers.TFSMLayer keras.layers.TextVectorization
  keras.layers.StringLookup
  tensorflow.python.framework.load_library tensorflow.python.keras.utils tensorflow.python.keras.saving
  tensorflow.python.framework.function tensorflow.python.framework.graph_io tensorflow.python.framework.importer
  tensorflow.python.framework.meta_graph tensorflow.python.framework.subscribe tensorflow.python.framework.test_util
  tensorflow.python.keras.applications tensorflow.python.keras.callbacks tensorflow.python.keras.datasets
  tensorflow.python.keras.layers.core.Lambda tensorflow.python.keras.models tensorflow.python.keras.wrappers
  tensorflow.python.trackable.asset tensorflow.python.trackable.resource
  polars.io polars.Expr polars.LazyFrame polars.SQLContext polars.expr polars.lazyframe polars.plugins polars.sql
  gensim.utils gensim.corpora.IndexedCorpus gensim.corpora.MmCorpus gensim.corpora.TextCorpus gensim.corpora.TextDirectoryCorpus
  gensim.corpora.WikiCorpus gensim.corpora.bleicorpus gensim.corpora.csvcorpus gensim.corpora.indexedcorpus gensim.corpora.lowcorpus
  gensim.corpora.malletcorpus gensim.corpora.mmcorpus gensim.corpora.sharded_corpus gensim.corpora.svmlightcorpus
  gensim.corpora.textcorpus gensim.corpora.ucicorpus gensim.corpora.wikicorpus gensim.models.callbacks gensim.models.deprecated
  gensim.models.ldamallet gensim.models.word2vec_inner gensim.models.wrappers
  nltk.data nltk.downloader nltk.app nltk.classify.megam nltk.classify.senna nltk.classify.tadm nltk.classify.weka nltk.corpus nltk.draw
  nltk.inference nltk.internals nltk.misc nltk.parse nltk.sem nltk.tag.hunpos nltk.tag.senna nltk.tag.stanford nltk.tokenize.nist
  nltk.tokenize.repp nltk.tokenize.stanford nltk.tokenize.stanford_segmenter nltk.toolbox nltk.twitter
  omegaconf.resolvers omegaconf.OmegaConf.load omegaconf.OmegaConf.save omegaconf._utils omegaconf.grammar_parser
  omegaconf.grammar_visitor omegaconf.omegaconf.OmegaConf.load
  statsmodels.datasets statsmodels.iolib statsmodels.compat statsmodels.conftest statsmodels.graphics
  statsmodels.regression.feature_selection statsmodels.sandbox statsmodels.tools._test_runner statsmodels.tools._testing
  statsmodels.tools.docstring statsmodels.tools.print_version statsmodels.tools.testing statsmodels.tools.web
  sympy.core.sympify sympy.codegen sympy.core.benchmarks sympy.core.cache sympy.external sympy.functions.elementary.benchmarks
  sympy.init_session sympy.interactive sympy.lambdify sympy.parsing sympy.plotting sympy.preview sympy.printing sympy.sympify
  sympy.testing sympy.utilities
  paddle.utils PIL.EpsImagePlugin PIL.Image.open PIL.ImageGrab PIL.ImageMath PIL.ImageShow
  accelerate.commands accelerate.launchers accelerate.test_utils accelerate.utils.imports accelerate.utils.launch
  arviz.data box.box_from_file catboost.Pool catboost.core.Pool catboost.datasets catboost.eval catboost.monoforest catboost.utils
  catboost.widget
  category_encoders.datasets datasets.load dateutil.tz.tz.tzical dateutil.tz.tzical dateutil.tz.win dateutil.zoneinfo
  detectron2.config.instantiate detectron2.config.lazy diffusers.pipelines diffusers.utils evaluate.loading fairseq.binarizer
  fairseq.checkpoint_utils fairseq.data.encoders fairseq.dataclass.initialize fairseq.dataclass.utils fairseq.file_io fairseq.file_utils
  fairseq.hub_utils fairseq.models.huggingface fairseq.models.text_to_speech.hub_interface fairseq.options
  feature_engine.datasets formulaic.materializers formulaic.parser.algos formulaic.utils geopandas.io hdbscan.plots imblearn.datasets
  imblearn.keras imblearn.show_versions imblearn.tensorflow imblearn.utils.testing
  implicit.datasets jax._src.api jax._src.callback jax._src.cloud_tpu_init jax._src.clusters jax._src.compilation_cache jax._src.config
  jax._src.debugger jax._src.debugging jax._src.distributed jax._src.export jax._src.ffi jax._src.hardware_utils jax._src.lib
  jax._src.pallas jax._src.path jax._src.pickle_util jax._src.profiler jax._src.source_info_util jax._src.test_util jax._src.tpu
  jax._src.traceback_util jax._src.xla_bridge
  jaxlib.plugin_support jaxlib.tools jaxlib.xla_client lifelines.datasets lightning.app lightning.pytorch.cli
  lightning.pytorch.core.saving matplotlib.figure.Figure.savefig mlxtend.data mmcv.utils.config.Config.fromfile
  mmengine.config.config.Config.fromfile models.common.AutoShape models.common.DetectMultiBackend models.experimental.attempt_load
  networkx.classes.tests networkx.drawing networkx.readwrite networkx.utils optuna.artifacts optuna.cli optuna.integration patsy.build
  patsy.eval.EvalEnvironment patsy.eval.EvalFactor patsy.highlevel patsy.test_build patsy.util
  pmdarima.datasets prophet.make_holidays prophet.models prophet.plot prophet.serialize pyarrow._dataset pyarrow._flight pyarrow._fs
  pyarrow.cffi pyarrow.csv pyarrow.dataset pyarrow.flight pyarrow.fs pyarrow.hdfs pyarrow.lib.FixedSizeBufferWriter
  pyarrow.lib.MemoryMappedFile pyarrow.lib.NativeFile pyarrow.lib.OSFile pyarrow.lib.PyExtensionType pyarrow.lib.PythonFile
  pyarrow.lib.input_stream pyarrow.lib.memory_map pyarrow.lib.output_stream pyarrow.parquet
  pymatgen.io pytorch_lightning.cli pytorch_lightning.core.saving pytorch_lightning.utilities.migration pytz.open_resource river.datasets
  river.stream shap._serializable shap.datasets shap.explainers.other shap.models shap.plots shap.utils
  shapely.wkt skorch.hf skorch.history sktime.base._serialize sktime.datasets sktime.utils spacy.tokens._serialize
  stable_baselines3.common.env_util stable_baselines3.common.logger stable_baselines3.common.monitor
  stable_baselines3.common.on_policy_algorithm.load stable_baselines3.common.results_plotter stable_baselines3.common.save_util
  stable_baselines3.common.utils stable_baselines3.common.vec_env.subproc_vec_env stable_baselines3.common.vec_env.vec_video_recorder
  surprise.builtin_datasets surprise.dataset surprise.dump tokenizers.implementations tokenizers.models tokenizers.trainers
  torchaudio.backend torchaudio.io torchaudio.models.decoder torchaudio.pipelines torchaudio.sox_effects torchaudio.utils
  ultralytics.hub ultralytics.nn.autobackend ultralytics.nn.tasks.attempt_load ultralytics.nn.tasks.torch_safe_load
  ultralytics.nn.text_model ultralytics.utils.checks ultralytics.utils.downloads ultralytics.utils.files
  umap.parametric_umap umap.plot xarray.backends yacs.config.CfgNode.load_cfg
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
  llama_cpp vllm onnxruntime h5py gguf orbax coremltools tensorstore openpyxl sets popen2 user six future past aiohttp aiofiles
  ansible_runner asteval asyncssh billiard boto3 botocore bpython celery cffi click cppyy cython Cython cv2 django docker dotenv execnet
  fabric fastapi fickling fire flask fsspec gdown gevent git gitdb google gradio grequests gunicorn h11 httpx httpcore huggingface_hub
  hydra invoke IPython ipykernel jinja2 jnius jsonpickle js2py jupyter jupyter_core klepto kombu kubernetes langchain langchain_core
  langchain_community langchain_experimental llvmlite loky mako mlflow modelscan monty mypy nbconvert nbformat nose notebook numexpr
  openai paramiko pdb pexpect pip pkg_resources playwright plumbum psutil psycopg2 ptyprocess pwn pwntools py py7zr py_compile pydantic
  pyximport pymongo pymysql pyperclip Pyro4 Pyro5 pytest _pytest ray redis requests restrictedpython rpyc rq ruamel sagemaker selenium
  setuptools _distutils_hack sh simpleeval smbclient smbprotocol smart_open socketio spawn sqlalchemy streamlit tblib tornado trio tvm
  twisted typer urllib3 uvicorn uvloop virtualenv wandb watchdog webbrowser websocket websockets werkzeug wheel win32api win32com
  win32process winrm xonsh yaml zmq picklescan modelaudit hickle shelve36 cloudpathlib pkginfo parso jedi anyio wget pycurl scrapy
  telnetlib3 ftputil nacl pyautogui pynput mss win32gui comtypes wmi bpy
  `
    .trim()
    .split(/\s+/),
);

/** What makes code objects or functions out of shipped bytes, and loaders that shipped-code picklers name. */
export const CODE_MAKERS: ReadonlySet<string> = new Set(
  `
  types.CodeType types.FunctionType types.LambdaType types.CellType types.new_class
  marshal.loads cloudpickle dill joblib.externals.cloudpickle ray.cloudpickle pyspark.cloudpickle pyspark.serializers torch.package
  numba.core.serialize numba.core.typing.cpython polars.LazyFrame polars.Expr polars.lazyframe.frame.LazyFrame polars.expr.expr.Expr
  new.code new.function
  `
    .trim()
    .split(/\s+/),
);
