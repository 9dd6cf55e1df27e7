// The npm client of OSCQuery: finds an instrument by zeroconf (or is told its port), reads its tree, and listens to it
// by a WebSocket of ws, whose frames osc.js reads. Arguments: name, port (0: find it). Lines of JSON come out:
// what was found, then a message of what was listened to per line. Lines that come in: {"listen": address},
// {"say": [address, values...]}.
"use strict";

const { OSCQueryDiscovery } = require("oscquery");
const WebSocket = require("ws");
const osc = require("osc");
const readline = require("node:readline");

const [name, port] = [process.argv[2], Number(process.argv[3])];
const tell = (what) => console.log(JSON.stringify(what));
const discovery = new OSCQueryDiscovery();

function join(service) {
  const { hostInfo } = service;
  if (hostInfo.name !== name) return;
  const methods = service.flat().map((method) => ({
    path: method.full_path,
    access: method.access,
    description: method.description,
    arguments: method.arguments,
  }));
  tell({ host: hostInfo, at: service.address, methods });
  const socket = new WebSocket(`ws://${hostInfo.wsIp}:${hostInfo.wsPort}`);
  socket.binaryType = "arraybuffer";
  socket.on("open", () => {
    tell({ open: true });
    readline.createInterface({ input: process.stdin }).on("line", (line) => {
      const { listen, say } = JSON.parse(line);
      if (listen) socket.send(JSON.stringify({ COMMAND: "LISTEN", DATA: listen }));
      if (say) socket.send(osc.writePacket({ address: say[0], args: say.slice(1).map((value) => ({ type: "f", value })) }));
    });
  });
  socket.on("message", (data, isBinary) => {
    if (!isBinary) return tell({ command: JSON.parse(Buffer.from(data).toString()) });
    const { address, args } = osc.readPacket(new Uint8Array(data), {});
    tell({ address, args });
  });
  socket.on("close", (code, reason) => tell({ closed: code, reason: reason.toString() }));
}

discovery.on("up", join);
discovery.on("down", (service) => tell({ down: service.port }));
discovery.on("error", (error) => tell({ error: String(error) }));
if (port) discovery.queryNewService("127.0.0.1", port).catch((error) => tell({ error: String(error) }));
else discovery.start();
