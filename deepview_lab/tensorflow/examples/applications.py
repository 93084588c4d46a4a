"""The networks that Keras offers, trained on ImageNet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final, final

from deepview_lab.exceptions import ModelFileError
from deepview_lab.tensorflow.examples.downloads import fetching_weights
from deepview_lab.tensorflow.files.keras_files import loading
from deepview_lab.tensorflow.frameworks import require_keras
from deepview_lab.tensorflow.model_wrapper import TFModelWrapper
from deepview_lab.typing import PathOrStr, resolve_path_or_str

__all__ = ["KerasApplication", "TFModelExamples"]

_IMAGENET: Final = "imagenet"
_PHOTO: Final = (224, 224, 3)


@final
@dataclass(frozen=True)
class KerasApplication:
    """A network of ``keras.applications``. Calling it builds the network and loads its weights.

    Attributes
    ----------
    name : str
        Name of the network in ``keras.applications``.
    module : str
        The module there that has its preprocessing.
    input_shape : tuple of int, optional
        Height, width and channels of the images, where Keras leaves them open unless told, with a warning.
    """

    name: str
    module: str
    input_shape: tuple[int, int, int] | None = None

    def __call__(self, *, weights: PathOrStr | None = _IMAGENET) -> TFModelWrapper:
        """Return the network with Keras' preprocessing.

        Parameters
        ----------
        weights : str, Path or None
            ``imagenet``, which Keras downloads or reads from its folder; a file of weights; or None for random ones.

        Raises
        ------
        DownloadError
            (an OSError) when the weights can neither be downloaded nor found; it says which file is missing and where
            it belongs.
        ModelFileError
            (a ValueError) when a file of weights is not there, is broken, or is another network's.
        MissingExtraError
            (an ImportError) when TensorFlow is not installed.
        """
        applications = require_keras().applications
        options = {} if self.input_shape is None else {"input_shape": self.input_shape}
        build = partial(getattr(applications, self.name), **options)
        preprocess = getattr(applications, self.module).preprocess_input
        if weights == _IMAGENET:  # Keras' own default
            with fetching_weights(self.name):
                model = build()
            return TFModelWrapper.from_keras(model, preprocess)
        model = build(weights=None)
        if weights is not None:
            path = resolve_path_or_str(weights)
            if not path.is_file():
                raise ModelFileError(f"There is no file of weights {path}.")
            with loading(path):
                model.load_weights(path)
        return TFModelWrapper.from_keras(model, preprocess)


@final
class TFModelExamples:
    """The networks that Keras offers, with their preprocessing: ``TFModelExamples.MobileNet()``.

    They take images of values from 0 to 255, of the size that ``model.input_layers`` says.
    """

    MobileNet: Final = KerasApplication("MobileNet", "mobilenet")
    MobileNetV2: Final = KerasApplication("MobileNetV2", "mobilenet_v2")
    MobileNetV3Small: Final = KerasApplication("MobileNetV3Small", "mobilenet_v3", _PHOTO)
    MobileNetV3Large: Final = KerasApplication("MobileNetV3Large", "mobilenet_v3", _PHOTO)
    ResNet50: Final = KerasApplication("ResNet50", "resnet50")
    ResNetV250: Final = KerasApplication("ResNet50V2", "resnet_v2")
    EfficientNetB0: Final = KerasApplication("EfficientNetB0", "efficientnet")
    EfficientNetB1: Final = KerasApplication("EfficientNetB1", "efficientnet")
    EfficientNetB7: Final = KerasApplication("EfficientNetB7", "efficientnet")
    EfficientNetV2B0: Final = KerasApplication("EfficientNetV2B0", "efficientnet_v2")
    EfficientNetV2B3: Final = KerasApplication("EfficientNetV2B3", "efficientnet_v2")
    EfficientNetV2L: Final = KerasApplication("EfficientNetV2L", "efficientnet_v2")

    @classmethod
    def list_supported_models(cls) -> dict[str, KerasApplication]:
        """Return all of them by name; nothing is built or downloaded."""
        return {name: value for name, value in vars(cls).items() if isinstance(value, KerasApplication)}
