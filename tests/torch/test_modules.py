"""What modules of PyTorch give, and that they stay as they were."""

import threading

import numpy as np
import pytest
import torch
from torch import nn

import deepview_lab
from deepview_lab.base import Batch, LayerKind, as_model, pipeline
from deepview_lab.exceptions import DeepViewException, ModelFileError
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.lab.discovery.scan import Scanner
from deepview_lab.samples import StubProducer
from deepview_lab.torch import load_torch_model, load_torch_weights
from tests.torch.networks import Small, conv_relu, integer_weights

IMAGES = np.random.default_rng(1).integers(0, 4, (40, 2, 4, 4)).astype(np.float32)


def state_of(module):
    return (
        [inner.training for inner in module.modules()],
        {name: value.clone() for name, value in module.state_dict().items()},
        [len(inner._forward_hooks) + len(inner._forward_pre_hooks) for inner in module.modules()],
        [(parameter.requires_grad, parameter.grad, parameter.device) for parameter in module.parameters()],
        [set(vars(inner)) for inner in module.modules()],
    )


def same(one, other):
    weights, others = one[1], other[1]
    equal = weights.keys() == others.keys() and all(torch.equal(weights[name], others[name]) for name in weights)
    return equal and (one[0], one[2:]) == (other[0], other[2:])


def responses(module, names, samples=IMAGES, example=None):
    stage = as_model(module, example=samples if example is None else example)(names)
    [batch] = pipeline(StubProducer({"x": samples}), stage)(len(samples))
    return batch.fields


def test_every_module_and_every_activation_called_as_a_function_is_a_response():
    infos = as_model(Small(), example=IMAGES).response_infos
    assert {name: (info.shape, info.layer.kind, info.unit_axis) for name, info in infos.items()} == {
        "x": ((None, 2, 4, 4), LayerKind.PLACEHOLDER, 1),
        "conv": ((None, 4, 2, 2), LayerKind.CONV_2D, 1),
        "bn": ((None, 4, 2, 2), LayerKind.BATCH_NORM_2D, 1),
        "act": ((None, 4, 2, 2), LayerKind.RELU, 1),
        "fc": ((None, 6), LayerKind.DENSE, -1),
        "relu()": ((None, 6), LayerKind.RELU, -1),
        "drop": ((None, 6), LayerKind.DROPOUT, -1),
        "head": ((None, 3), LayerKind.DENSE, -1),
    }
    assert as_model(Small(), example=IMAGES).activations().requested == ("act", "relu()")


def test_numbers_are_those_of_the_module_also_before_a_relu_in_place():
    net = Small().eval()
    got = responses(net, ["conv", "bn", "act", "relu()", "head"])
    with torch.no_grad():
        x = torch.tensor(IMAGES)
        conv = net.conv(x)
        bn = net.bn(conv)
        act = torch.relu(bn.clone())
        hidden = torch.relu(net.fc(act.flatten(1)))
    expected = {"conv": conv, "bn": bn, "act": act, "relu()": hidden, "head": net.head(hidden)}
    for name, values in expected.items():
        np.testing.assert_allclose(got[name], values.detach().numpy(), rtol=1e-6, atol=1e-6)


def test_iua_equals_and_pfa_agrees_with_the_same_network_computed_by_numpy():
    net = integer_weights(nn.Sequential(nn.Conv2d(2, 8, 3), nn.ReLU()))
    net.get_submodule("0").bias.data[3] = -1000  # a unit that never fires
    own = as_model(net, example=IMAGES)
    torch_run = pipeline(StubProducer({"x": IMAGES}), own(["1"]))
    conv = net.get_submodule("0")
    weight, bias = (part.detach().numpy().astype(np.float64) for part in (conv.weight, conv.bias))
    maps = conv_relu(IMAGES.transpose(0, 2, 3, 1).astype(np.float64), weight, bias)
    results = deepview_lab.start(torch_run, IUA.spec(), PFA.spec(pool="average")).wait()
    inactive = results["iua"].results["1"]
    np.testing.assert_array_equal(np.moveaxis(inactive.counts, 0, -1), (maps == 0).sum(axis=0))
    assert inactive.unit_axis == 0
    assert (inactive.counts[3] == len(IMAGES)).all()
    layer = results["pfa"].covariances["1"]
    known = np.cov(maps.mean(axis=(1, 2)), rowvar=False)
    np.testing.assert_allclose(layer.covariances, known, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(layer.eigenvalues, np.linalg.eigvalsh(known)[::-1], rtol=1e-4, atol=1e-6)


class Broken(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        x = self.fc(x)
        if x.shape[0] == 7:
            raise ValueError("seven")
        return x


def test_modes_gradients_weights_and_hooks_are_as_before_also_after_an_error():
    net = Small()
    net.bn.eval()
    net.conv.weight.requires_grad_(requires_grad=False)
    before = state_of(net)
    responses(net, None)
    assert same(state_of(net), before)
    assert torch.is_grad_enabled()
    broken = Broken()
    before = state_of(broken)
    stage = as_model(broken)(["fc"])
    with pytest.raises(ValueError, match="seven"):
        list(pipeline(StubProducer({"x": np.ones((7, 4))}), stage)(7))
    assert same(state_of(broken), before)
    assert torch.is_grad_enabled()


def test_another_thread_that_calls_the_module_meanwhile_is_not_recorded():
    class Meanwhile(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(4, 2)
            self.other = True

        def forward(self, x):
            if self.other:
                self.other = False
                thread = threading.Thread(target=lambda: self(torch.zeros(9, 4)))
                thread.start()
                thread.join()
            return self.fc(x)

    net = Meanwhile()
    stage = as_model(net, example=np.ones((3, 4)))(["fc"])
    net.other = True
    [batch] = pipeline(StubProducer({"x": np.ones((5, 4))}), stage)(5)
    assert batch.fields["fc"].shape == (5, 2)


class Many(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 3, batch_first=True)
        self.shared = nn.Linear(3, 3)

    def forward(self, steps, *, scale):
        every, (last, _) = self.lstm(steps)
        return {"first": self.shared(every[:, 0]) * scale, "both": (self.shared(last[0]), every)}


def test_tuples_and_dicts_are_named_by_number_and_key_and_each_call_of_a_shared_module_is_its_own():
    data = {"steps": np.ones((5, 6, 4), np.float32), "scale": np.full((5, 1), 2, np.float32)}
    net = Many()
    model = as_model(net, example=data)
    names = ["lstm/0", "shared", "shared#2", "output/first", "output/both/0", "output/both/1"]
    assert list(model.response_infos) == ["steps", "scale", *names]
    [batch] = pipeline(StubProducer(data), model(names))(5)
    np.testing.assert_allclose(batch.fields["output/first"], 2 * batch.fields["shared"], rtol=1e-6)
    np.testing.assert_array_equal(batch.fields["output/both/0"], batch.fields["shared#2"])
    [alone] = pipeline(StubProducer(data), model("shared#2"))(5)
    np.testing.assert_array_equal(alone.fields["shared#2"], batch.fields["shared#2"])


def test_no_sample_gives_no_row():
    [batch] = pipeline(lambda _: iter([Batch({"x": IMAGES[:0]})]), as_model(Small(), example=IMAGES)(["act"]))(4)
    assert batch.fields["act"].shape == (0, 4, 2, 2)


def test_the_shape_of_the_input_is_assumed_of_the_first_layer_and_dimensions_that_vary_are_left_open():
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))
    infos = as_model(net).response_infos
    assert infos["input"].shape == (None, 3, None, None)
    assert infos["1"].shape == (None, 4, None, None)
    assert infos["4"].shape == (None, 2)
    tokens = nn.Sequential(nn.Embedding(10, 4), nn.Linear(4, 2))
    assert as_model(tokens).response_infos["1"].shape == (None, None, 2)


def test_pictures_with_channels_last_and_flat_networks_work_in_one_line():
    run = deepview_lab.introspect(Small(), IMAGES.transpose(0, 2, 3, 1), labels=np.arange(40) % 2)
    results = run.wait()
    assert list(results["iua"].results) == ["act", "relu()"]
    assert "channels were moved before height and width" in run.note
    flat = nn.Sequential(nn.Flatten(), nn.Linear(32, 5), nn.ReLU(), nn.Linear(5, 2))
    assert list(deepview_lab.introspect(flat, IMAGES).wait()["iua"].results) == ["2"]
    assert list(IUA.introspect(pipeline(IMAGES, flat)).results) == ["2"]


@pytest.mark.filterwarnings("ignore")
def test_scripted_and_compiled_modules_are_refused_with_what_to_do():
    net = nn.Sequential(nn.Linear(4, 2))
    with pytest.raises(DeepViewException, match=r"TorchScript.*Pass the module from which it was scripted"):
        as_model(torch.jit.script(net))
    with pytest.raises(DeepViewException, match="_orig_mod"):
        as_model(torch.compile(net))
    net[0].compile()
    with pytest.raises(DeepViewException, match="'0' was compiled in place"):
        as_model(net)
    with pytest.raises(DeepViewException, match="A state dict holds weights"):
        load_torch_model(net.state_dict())
    with pytest.raises(DeepViewException, match="does not say of what shape"):
        as_model(nn.Identity())


def test_data_that_does_not_fit_is_refused_with_its_shape():
    with pytest.raises(DeepViewException, match=r"x of shape \(3, 5, 4, 4\)"):
        as_model(Small(), example=np.ones((3, 5, 4, 4)))


def test_the_panel_lists_modules_with_their_layers_but_no_losses():
    scanner = Scanner(lambda: {"net": Small(), "loss": nn.CrossEntropyLoss(), "flat": nn.Linear(4, 2)})
    found = {source.name: (source.role, source.type) for source in scanner.scan().sources}
    assert found == {
        "net": ("framework_model", "Small · PyTorch"),
        "flat": ("framework_model", "Linear · PyTorch"),
    }
    told = Scanner(lambda: {"net": nn.Sequential(nn.Linear(4, 2), nn.ReLU())}).layers("net", fresh=True)
    assert [layer.name for layer in told.layers] == ["input", "0", "1"]
    assert told.problem is None


def test_weights_are_read_without_running_code(tmp_path):
    net = Small()
    torch.save(net.state_dict(), tmp_path / "net.pt")
    torch.save({"state_dict": net.state_dict()}, tmp_path / "checkpoint.pt")
    torch.save(net, tmp_path / "whole.pt")
    for name in ("net.pt", "checkpoint.pt"):
        other = load_torch_weights(Small(), tmp_path / name)
        assert torch.equal(other.conv.weight, net.conv.weight)
    with pytest.raises(ModelFileError, match=r"may hold code, which is not run"):
        load_torch_weights(Small(), tmp_path / "whole.pt")
    with pytest.raises(ModelFileError, match="of another network"):
        load_torch_weights(nn.Linear(2, 2), tmp_path / "net.pt")
    with pytest.raises(ModelFileError, match="no file"):
        load_torch_weights(net, tmp_path / "none.pt")
