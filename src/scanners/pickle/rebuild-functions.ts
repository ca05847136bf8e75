/** Functions of known packages that picklers name to rebuild an object from its parts. Exact. */
export const REBUILD_FUNCTIONS: ReadonlySet<string> = new Set(
  `
  numpy.core.multiarray._reconstruct numpy._core.multiarray._reconstruct numpy.core._internal._reconstruct numpy.core.multiarray.scalar numpy._core.multiarray.scalar
  numpy.core.numeric._frombuffer numpy._core.numeric._frombuffer numpy.core._ufunc_reconstruct numpy._core._ufunc_reconstruct
  numpy.ma.core._mareconstruct numpy.ma.mrecords._mrreconstruct numpy.core._convert_to_stringdtype_kwargs
  numpy._core._internal._convert_to_stringdtype_kwargs numpy.core._internal._convert_to_stringdtype_kwargs
  numpy.random._pickle.__randomstate_ctor numpy.random._pickle.__generator_ctor numpy.random._pickle.__bit_generator_ctor
  numpy.random.__RandomState_ctor numpy.random.mtrand.__RandomState_ctor numpy.random.bit_generator.__pyx_unpickle_SeedSequence
  pandas._libs.internals._unpickle_block pandas._libs.arrays.__pyx_unpickle_NDArrayBacked
  pandas._libs.tslibs.timestamps._unpickle_timestamp pandas._libs.tslibs.timedeltas._timedelta_unpickle
  pandas._libs.tslibs.nattype.__nat_unpickle pandas._libs.tslibs.nattype._nat_unpickle pandas._libs.tslibs.offsets._unpickle_offset
  pandas._libs.tslibs.period._unpickle_period pandas._libs.interval.__pyx_unpickle_IntervalMixin pandas.core.indexes.base._new_Index
  pandas.indexes.base._new_Index pandas.core.index._new_Index pandas.tseries.index._new_DatetimeIndex
  pandas.tseries.period._new_PeriodIndex pandas.core.indexes.datetimes._new_DatetimeIndex pandas.core.indexes.period._new_PeriodIndex
  pandas.core.indexes.interval._new_IntervalIndex pandas.core.indexes.multi._new_Index pandas.core.internals.managers._unpickle_block
  pandas.core.internals.blocks.new_block pandas.core.arrays.arrow.array.to_pyarrow_type pandas.core.indexes.frozen.FrozenList
  pandas.core.construction._unpickle_array pandas.core.arrays.sparse.array._reconstruct
  shapely.io.from_wkb shapely.from_wkb sklearn.tree._tree.Tree sklearn.metrics._dist_metrics.newObj sklearn.neighbors._dist_metrics.newObj
  sklearn.neighbors.dist_metrics.newObj sklearn.neighbors._kd_tree.newObj sklearn.neighbors._ball_tree.newObj
  sklearn.neighbors.kd_tree.newObj sklearn.neighbors.ball_tree.newObj sklearn._loss._loss.__pyx_unpickle_CyHalfBinomialLoss
  sklearn._loss._loss.__pyx_unpickle_CyLossFunction sklearn.linear_model._sgd_fast.__pyx_unpickle_Regression
  sklearn.utils._random.__pyx_unpickle
  scipy.stats._distn_infrastructure.rv_frozen scipy.interpolate.interpnd._ndim_coords_from_arrays torch._utils._rebuild_tensor
  torch._utils._rebuild_tensor_v2 torch._utils._rebuild_tensor_v3 torch._utils._rebuild_parameter
  torch._utils._rebuild_parameter_with_state torch._utils._rebuild_qtensor torch._utils._rebuild_sparse_tensor
  torch._utils._rebuild_sparse_csr_tensor torch._utils._rebuild_device_tensor_from_numpy
  torch._utils._rebuild_device_tensor_from_cpu_tensor torch._utils._rebuild_meta_tensor_no_storage torch._utils._rebuild_wrapper_subclass
  torch._utils._rebuild_xla_tensor torch._utils._rebuild_nested_tensor torch.storage._load_from_bytes torch.serialization._get_layout
  torch.device torch.Size torch.dtype torch._tensor._rebuild_from_type_v2 torch._tensor._rebuild_from_type torch._utils._rebuild_from_type
  torch.jit._pickle.build_intlist torch.jit._pickle.build_tensorlist torch.jit._pickle.build_doublelist torch.jit._pickle.build_boollist
  torch.jit._pickle.restore_type_tag torch.jit._pickle.build_tensor_from_id torch.nn.parameter.Parameter torch.FloatTensor
  torch.LongTensor torch.Tensor torch.tensor torch.nn.utils.parametrize.type_before_parametrizations torch.Generator
  torch.torch_version.TorchVersion
  jax._src.array._reconstruct_array jax._src.core.ShapedArray jaxlib.xla_extension.pytree_unpickle pyarrow.lib.type_for_alias
  pyarrow.lib._restore_array pyarrow.lib.py_buffer pyarrow.lib._rebuild_table tensorflow.python.framework.dtypes.as_dtype
  tensorflow.python.framework.tensor_shape.TensorShape paddle.framework.io._rebuild_tensor dateutil.tz.tz.tzfile pytz._UTC pytz._p
  spacy.tokens.doc.unpickle_doc spacy.vocab.unpickle_vocab plotly.graph_objs._figure.Figure fastcore.foundation.L
  `
    .trim()
    .split(/\s+/),
);
