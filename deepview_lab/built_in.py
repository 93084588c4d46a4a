"""Where our own implementations are, by the name of their entry point. They are imported when they are first needed.

Other packages register theirs as entry points of the same groups in their ``pyproject.toml``::

    [project.entry-points."deepview_lab.data_sources"]
    zarr = "my_package.zarr_source:ZarrSource"
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["BUILT_IN", "DATA_SOURCES", "FRAMEWORKS", "MODEL_FILES"]

DATA_SOURCES: Final = "deepview_lab.data_sources"
FRAMEWORKS: Final = "deepview_lab.frameworks"

# The first that recognises an object is used.
BUILT_IN: Final[Mapping[str, Mapping[str, str]]] = {
    DATA_SOURCES: {
        "arrays": "deepview_lab.data.arrays:ArraySource",
        "bunches": "deepview_lab.data.bunches:BunchSource",
        "files": "deepview_lab.data.files:FileSource",
        "folders": "deepview_lab.data.folders:FolderSource",
        "hugging_face": "deepview_lab.data.datasets.hugging_face:HuggingFaceSource",
        "keras_datasets": "deepview_lab.data.keras_datasets:PyDatasetSource",
        "mappings": "deepview_lab.data.mappings:MappingSource",
        "pairs": "deepview_lab.data.pairs:PairSource",
        "picture_lists": "deepview_lab.data.picture_lists:PictureListSource",
        "tables": "deepview_lab.data.tables:TableSource",
        "torch_datasets": "deepview_lab.data.datasets.torch_datasets:TorchDatasetSource",
        "torch_loaders": "deepview_lab.data.datasets.torch_datasets:DataLoaderSource",
        "tf_datasets": "deepview_lab.data.tf_datasets:TFDatasetSource",
    },
    # By the top-level package of the models' classes.
    FRAMEWORKS: {
        "keras": "deepview_lab.tensorflow.framework:KerasFramework",
        "torch": "deepview_lab.torch.framework:TorchFramework",
    },
}
# Makes a model of the path of a file or folder.
MODEL_FILES: Final = "deepview_lab.tensorflow.loading:load_tf_model_from_path"
