// A peer for tests. Arguments: osc.js, osc.js-tcp or node-osc; the port to hear at; host and port to connect to (TCP).
// Reads lines {host, port, messages: [[address, value...]...], isBundle}; writes "ready", then [address, value...] lines.
"use strict";

const [way, port, host, hostPort] = process.argv.slice(2);
const tell = (address, values) => process.stdout.write(JSON.stringify([address, ...values]) + "\n");
const ready = () => process.stdout.write("ready\n");
let say;

if (way === "node-osc") {
  const { Bundle, Client, Message, Server } = require("node-osc");
  const clients = {};
  const hear = (element) => {
    if (element.elements) element.elements.forEach(hear);
    else tell(element[0], element.slice(1));
  };
  const server = new Server(Number(port), "0.0.0.0", ready);
  server.on("message", (message) => tell(message[0], message.slice(1)));
  server.on("bundle", hear);
  say = ({ host, port, messages, isBundle }) => {
    const client = (clients[`${host}:${port}`] ||= new Client(host, port));
    const made = messages.map((message) => new Message(...message));
    (isBundle ? [new Bundle(...made)] : made).forEach((packet) => client.send(packet, () => {}));
  };
} else {
  const osc = require("osc");
  const type = (value) => {
    if (value === null) return { type: "N" };
    if (typeof value === "boolean") return { type: value ? "T" : "F" };
    if (typeof value === "string") return { type: "s", value };
    return { type: Number.isInteger(value) ? "i" : "f", value };
  };
  const peer =
    way === "osc.js"
      ? new osc.UDPPort({ localAddress: "0.0.0.0", localPort: Number(port), metadata: false })
      : new osc.TCPSocketPort({ address: host, port: Number(hostPort), metadata: false });
  peer.on("ready", ready);
  peer.on("message", (message) => tell(message.address, message.args));
  peer.on("error", (error) => process.stderr.write(`${error.message}\n`));
  peer.on("close", () => process.stdout.write("closed\n"));
  if (way === "osc.js") peer.open();
  else peer.open(host, Number(hostPort));
  say = ({ host, port, messages, isBundle }) => {
    peer.options.metadata = true; // types are said outright
    const packets = messages.map(([address, ...values]) => ({ address, args: values.map(type) }));
    const out = isBundle ? [{ timeTag: osc.timeTag(0), packets }] : packets;
    out.forEach((packet) => (way === "osc.js" ? peer.send(packet, host, port) : peer.send(packet)));
    peer.options.metadata = false;
  };
}

require("readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => say(JSON.parse(line)));
