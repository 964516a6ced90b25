"""A pack of heads on a small torchvision network with generated weights, and a server that offers them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import torch

from photofinder.model.torchvision_models import torchvision_models
from photofinder.model.visual import PhotoHead
from photofinder.training.caption import TextTower
from photofinder.training.joint_weights import JointWeights
from photofinder.training.texts import build_vocabulary
from photofinder.training.train import TrainRequest, fingerprint_of, load_weights, official_entry
from photofinder.training.write_pack import VisualPart, pack_caption, pack_heads, write_pack

BACKBONE = "shufflenet_v2_x0_5"
PHRASES = ["perro en la playa", "flor roja", "templo antiguo", "dos perros", "la playa"]


def save_weights(folder: Path, *, zipped: bool = True, seed: int = 0, backbone: str = BACKBONE) -> Path:
    """An official-looking file: random weights of a whole network, with the SHA-256 in its name."""
    torch.manual_seed(seed)
    network = torchvision_models().get_model(backbone, weights=None)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 1.0
    network.train()(torch.randn(8, 3, 64, 64))  # or the activations of a network without training would fade away
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), folder / "weights.pth", _use_new_zipfile_serialization=zipped)
    digest = hashlib.sha256((folder / "weights.pth").read_bytes()).hexdigest()
    return (folder / "weights.pth").rename(folder / f"{backbone}-{digest[:8]}.pth")


def write_sample_pack(folder: Path, weights: Path, server: str) -> Path:
    """A pack of heads on ``weights``, which ``server`` offers under their name."""
    torch.manual_seed(1)
    address = f"{server}/models/{weights.name}"
    request = TrainRequest(BACKBONE, weights, folder, folder, address=address, shapes="64x64")
    trunk = load_weights(request)
    entry = official_entry(request, trunk)
    entry["fingerprint"], fingerprint = fingerprint_of(request, trunk)
    vocabulary = build_vocabulary(PHRASES, 1, 1)
    keys = torch.from_numpy(vocabulary.keys.astype(np.int64))
    tower = TextTower(len(vocabulary.keys), 8, 8, 16)
    write_pack(
        folder,
        folder.name,
        VisualPart(pack_heads(PhotoHead(1024, 16, 8).state_dict(), fingerprint), {"shapes": [[64, 64]]}, entry),
        pack_caption(JointWeights({}, tower.state_dict(), keys, "\n".join(vocabulary.words))),
        {"calibration": {kind: {"slope": 5.0, "bias": -2.0} for kind in ("text", "photo")},
         "similar": {"feature": 0.5, "embedding": 0.5}},
        {"data": "none"},
        compress=True,
    )  # fmt: skip
    return folder


@dataclass
class WeightsServer:
    """What a local server offers under any path, and how it misbehaves.

    ``cuts``: after how many bytes each answer in turn breaks off; answers after those are whole. ``hang``: sends the
    file up to this byte and then nothing, until the server is closed.
    """

    content: bytes = b""
    ranges: bool = True
    status: int = 0
    location: str = ""
    cuts: list[int] = field(default_factory=list)
    hang: int | None = None
    announce: bool = True
    requests: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    address: str = ""


@contextmanager
def serve(content: bytes) -> Iterator[WeightsServer]:
    """Serve ``content`` on this machine; ``requests`` collects the Range header of each request."""
    state = WeightsServer(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            state.requests.append(asked)
            if state.status:
                self.send_response(state.status)
                if state.location:
                    self.send_header("Location", state.location)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            begin = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and state.ranges else 0
            if begin and begin >= len(state.content):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(state.content)}")
                self.end_headers()
                return
            body = state.content[begin:]
            # Before a word is sent: a client may go at the headers, and the test go on, while this still writes.
            sent = body if state.hang is not None or not state.cuts else body[: state.cuts.pop(0)]
            self.send_response(206 if begin else 200)
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(state.content) - 1}/{len(state.content)}")
            if state.announce:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if state.hang is not None:
                self.wfile.write(body[: max(0, state.hang - begin)])
                self.wfile.flush()
                state.over.wait(60)
                return
            self.wfile.write(sent)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield state
        finally:
            state.over.set()
            server.shutdown()
            thread.join()
