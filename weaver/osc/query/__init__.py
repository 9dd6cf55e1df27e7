"""OSCQuery: what there is to play, told over HTTP and WebSocket; and the page for a tablet's browser."""

from weaver.osc.query.query import NAME, Query

__all__ = ["NAME", "Query"]
