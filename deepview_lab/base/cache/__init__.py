"""Caches: what a pipeline yields, stored once and read from then on."""

from deepview_lab.base.cache.cached_producer import CachedProducer
from deepview_lab.base.cache.cacher import Cacher

__all__ = ["CachedProducer", "Cacher"]
