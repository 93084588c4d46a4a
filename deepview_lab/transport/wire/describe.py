"""Runs in the words of the protocol."""

from __future__ import annotations

from collections.abc import Mapping

from deepview_lab.analysis.contract import Table
from deepview_lab.analysis.findings import Findings
from deepview_lab.base import ResponseInfo
from deepview_lab.base.response import ChannelGroup
from deepview_lab.engine import RunView
from deepview_lab.transport.delivery.channel import Envelope
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.arrow import encode_columns

__all__ = ["layer_infos", "layers_envelope", "origin_envelope", "snapshot_envelope", "state_envelope"]


def state_envelope(run: RunView) -> Envelope:
    """Return everything about a run but its numbers."""
    progress, kept = run.progress, run.on_disk
    return Envelope(
        messages.RunState(
            run=run.id,
            name=run.name,
            status=run.status,
            introspections=[
                messages.Introspection(name=name, analysis=kind) for name, kind in run.introspectors.items()
            ],
            batch_size=run.batch_size,
            batches=progress.batches,
            total_batches=progress.total_batches,
            samples=progress.samples,
            total_samples=progress.total,
            rate=progress.rate,
            eta=progress.eta,
            elapsed=progress.elapsed,
            created=run.created,
            errors=[
                messages.RunError(
                    type=type(error.exception).__name__,
                    message=error.message,
                    traceback=error.traceback,
                    introspector=error.introspector,
                )
                for error in run.errors
            ],
            stage=progress.stage,
            stage_done=progress.stage_done,
            checkpoint=run.checkpoint,
            kept_batches=kept.batches if kept else None,
            kept_bytes=kept.nbytes if kept else None,
            kept_at=kept.when if kept else None,
            note=run.note,
            file=run.file,
        )
    )


def origin_envelope(run: RunView) -> Envelope | None:
    """Return the code that started a run, None where it is not known."""
    origin = run.origin
    if origin is None:
        return None
    return Envelope(
        messages.Origin(run=run.id, code=origin.code, variable=origin.variable, checkpoint=origin.checkpoint)
    )


def layers_envelope(run: RunView, responses: Mapping[str, ResponseInfo]) -> Envelope:
    """Return the layers of a run in the order of the network."""
    return Envelope(messages.Layers(run=run.id, layers=layer_infos(responses)))


def layer_infos(responses: Mapping[str, ResponseInfo]) -> list[messages.LayerInfo]:
    """Return what is known of each response before its numbers."""
    return [
        messages.LayerInfo(
            name=info.name,
            kind=info.layer.kind.name.lower(),
            type=info.layer.typename,
            shape=list(info.shape),
            units=info.units,
            group=_group(info.group),
        )
        for info in responses.values()
    ]


def _group(group: ChannelGroup | None) -> messages.ChannelGroup | None:
    if group is None:
        return None
    links = [messages.ChannelLink(group=name, parameters=count) for name, count in group.links]
    return messages.ChannelGroup(name=group.name, parameters=group.parameters, links=links)


def snapshot_envelope(run: RunView, name: str, table: Table, *, final: bool) -> Envelope:
    """Return the whole table of one introspector: a row per layer, or what it found among the samples."""
    columns = encode_columns(table.columns())
    if isinstance(table, Findings):
        found = messages.Findings(
            run=run.id,
            introspector=name,
            analysis=run.introspectors[name],
            summary=table.summary,
            samples=table.samples,
            rows=table.rows,
            final=final,
        )
        return Envelope(found, (columns,))
    message = messages.Snapshot(
        run=run.id,
        introspector=name,
        analysis=run.introspectors[name],
        samples=table.samples,
        final=final,
    )
    return Envelope(message, (columns,))
