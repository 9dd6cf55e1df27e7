"""OSCQuery: what there is to play, told over HTTP and WebSocket; and the page for a tablet's browser."""

from weaver.osc.query.query import Query

__all__ = ["Query"]
