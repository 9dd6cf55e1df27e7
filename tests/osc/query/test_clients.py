"""OSCQuery with somebody else's client: npm oscquery finds and reads, ws listens, osc.js reads what comes."""

from __future__ import annotations

from support.eventually import eventually
from support.osc_peers.oscquery import oscquery_client
from support.querying import LOOPBACK, Instrument, serving

from weaver.model.osc_addresses import Space
from weaver.model.osc_packet import OscMessage
from weaver.osc.discovery import Discovery

NAME = "Sonic Weaver of the tests"
HEALTH = "/sphere/1/health"


def test_it_reads_the_tree_listens_and_plays() -> None:
    instrument = Instrument()
    instrument.values[HEALTH] = (0.5,)
    with serving(instrument, name=lambda: NAME, osc_port=8003) as query, oscquery_client(NAME, query.port) as client:
        found = client.wait_for("host")
        host = found["host"]
        assert (host["name"], host["oscPort"], host["wsPort"], host["oscTransport"]) == (NAME, 8003, query.port, "UDP")
        assert host["extensions"]["LISTEN"] is True
        methods = {method["path"]: method for method in found["methods"]}
        addresses = {address for address, row in instrument.space.nodes() if row.values}
        assert addresses <= methods.keys()
        strike, health = methods["/sphere/1/strike"], methods[HEALTH]
        assert [argument["range"] for argument in strike["arguments"]] == [{"min": 0, "max": 1}] * 3
        assert (strike["access"], health["access"]) == (2, 1)
        assert health["arguments"][0]["value"] == 0.5 and "whole" in health["description"]
        client.wait_for("open")
        client.listen(HEALTH)
        assert client.wait_for("address") == {"address": HEALTH, "args": [0.5]}
        query.told(HEALTH, (0.25,))
        assert eventually(lambda: client.told("address")[-1] == {"address": HEALTH, "args": [0.25]})
        client.say("/sphere/2/strike", 0.75)
        assert eventually(lambda: instrument.messages() == [OscMessage("/sphere/2/strike", (0.75,))])
        instrument.space = Space(("One",))
        assert client.wait_for("command")["command"] == {"COMMAND": "PATH_CHANGED", "DATA": "/"}
        assert not query.lost
    assert eventually(lambda: len(instrument.gone) == 1)


def test_it_finds_us_without_being_told_where_and_sees_us_go() -> None:
    with serving(Instrument(), name=lambda: NAME) as query, oscquery_client(NAME) as client:
        discovery = Discovery(NAME, 8003, 8003, query.port)
        try:
            assert client.wait_for("host")["at"] == LOOPBACK
        finally:
            discovery.close()
        assert eventually(lambda: {"down": query.port} in client.told("down"))
