"""The networks of Keras with their preprocessing, and models with stages around them."""

import keras
import numpy as np
import pytest

from deepview_lab.base import peek_first_batch, pipeline
from deepview_lab.exceptions import DownloadError, ModelFileError, UnknownNameError
from deepview_lab.processors import Pooler, Processor
from deepview_lab.samples import StubProducer
from deepview_lab.tensorflow import TFModelExamples, TFModelWrapper

from .models import functional

PHOTOS = np.random.default_rng(0).integers(0, 256, (2, 224, 224, 3), np.uint8)


class TestTFModelExamples:
    def test_all_of_them_are_networks_of_keras(self):
        supported = TFModelExamples.list_supported_models()
        assert list(supported) == [
            "MobileNet",
            "MobileNetV2",
            "MobileNetV3Small",
            "MobileNetV3Large",
            "ResNet50",
            "ResNetV250",
            "EfficientNetB0",
            "EfficientNetB1",
            "EfficientNetB7",
            "EfficientNetV2B0",
            "EfficientNetV2B3",
            "EfficientNetV2L",
        ]
        for application in supported.values():
            assert callable(getattr(keras.applications, application.name))
            assert callable(getattr(keras.applications, application.module).preprocess_input)

    @pytest.mark.parametrize("name", ["MobileNet", "MobileNetV3Small", "ResNetV250", "EfficientNetB0"])
    def test_without_download_the_error_says_which_file_belongs_where(self, name, offline):
        with pytest.raises(DownloadError) as caught:
            TFModelExamples.list_supported_models()[name]()
        ((address, place),) = offline  # the very place where Keras looks
        for part in (address, str(place), "no route to host", "TFModelWrapper.from_keras(model, preprocessing)"):
            assert part in str(caught.value)

    @pytest.mark.usefixtures("offline")
    def test_weights_copied_by_hand_are_read(self, keras_folder):
        network = keras.applications.MobileNet(weights=None)
        file = keras_folder / "models" / "mobilenet_1_0_224_tf.h5"
        file.parent.mkdir()
        network.save(file)
        mobilenet = TFModelExamples.MobileNet()
        batch = peek_first_batch(pipeline(StubProducer({"photos": PHOTOS}), mobilenet("predictions")), 2)
        expected = network.predict(keras.applications.mobilenet.preprocess_input(PHOTOS), verbose=0)
        assert np.allclose(batch.fields["predictions"], expected, atol=1e-6)

    @pytest.mark.usefixtures("offline")
    def test_a_broken_file_of_weights_is_told(self, keras_folder):
        file = keras_folder / "models" / "mobilenet_1_0_224_tf.h5"
        file.parent.mkdir()
        file.write_bytes(b"broken")
        with pytest.raises(ModelFileError, match=r"ImageNet weights of MobileNet: .*models is broken, delete it"):
            TFModelExamples.MobileNet()

    def test_weights_of_one_s_own_are_a_file_or_random(self, tmp_path):
        network = TFModelExamples.MobileNet(weights=None)
        file = tmp_path / "own.weights.h5"
        keras.applications.MobileNet(weights=None).save_weights(file)
        one, same = (TFModelExamples.MobileNet(weights=path) for path in (file, str(file)))
        results = [
            peek_first_batch(pipeline(StubProducer({"photos": PHOTOS}), model("conv1")), 2).fields["conv1"]
            for model in (network, one, same)
        ]
        assert np.array_equal(results[1], results[2])
        assert not np.allclose(results[0], results[1])

    def test_files_of_weights_that_do_not_fit_are_told(self, tmp_path):
        with pytest.raises(ModelFileError, match=r"no file of weights .*absent"):
            TFModelExamples.MobileNet(weights=tmp_path / "absent.weights.h5")
        functional().save_weights(tmp_path / "other.weights.h5")
        with pytest.raises(ModelFileError, match=r"could not load .*other\.weights\.h5"):
            TFModelExamples.MobileNet(weights=tmp_path / "other.weights.h5")


class TestTFModelWrapper:
    def test_responses_can_be_looked_up_and_called(self):
        wrapper = TFModelWrapper.from_keras(functional())
        assert wrapper.response_infos["stem"].shape == (None, 6, 6, 4)
        assert wrapper.response_infos() is wrapper.response_infos
        assert list(wrapper.model.input_layers) == ["pixels"]

    def test_stages_come_in_their_order(self):
        model = TFModelWrapper.load_keras_model(functional())
        double, halve = Processor(lambda x: x * 2), Processor(lambda x: x / 2)
        wrapper = TFModelWrapper(model, double, [halve, Pooler(dim=1, method=Pooler.Method.MAX)])
        stages = wrapper(requested_responses=["stem"])
        assert [type(stage).__name__ for stage in stages] == ["Processor", "ModelStage", "Processor", "Pooler"]
        assert stages[1].requested == ("stem",)
        assert len(TFModelWrapper(model)("stem")) == 1

    @pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
    def test_preprocessing_that_writes_to_its_argument_leaves_the_data_alone(self, dtype):
        images = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3)).astype(dtype)
        before, network = images.copy(), functional()
        wrapper = TFModelWrapper.from_keras(network, keras.applications.mobilenet.preprocess_input)
        batch = peek_first_batch(pipeline(StubProducer({"images": images}), wrapper("head")), 3)
        expected = network.predict(before.astype(np.float32) / 127.5 - 1, verbose=0)
        assert np.allclose(batch.fields["head"], expected, atol=1e-6)
        assert np.array_equal(images, before)

    def test_what_is_no_function_is_told(self):
        with pytest.raises(TypeError, match="preprocessing must be a function of an array, but is a str"):
            TFModelWrapper.from_keras(functional(), "mobilenet")

    def test_a_response_that_is_not_there_is_told(self):
        with pytest.raises(UnknownNameError, match="'stem'"):
            TFModelWrapper.from_keras(functional())("stam")
