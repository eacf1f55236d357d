/**
 * The real npm `socket.io-client`, told what to do by lines of JSON on standard input, and telling what happens to it
 * by lines of JSON on standard output.
 *
 *     node client.mjs http://127.0.0.1:8000 '{"transports": ["websocket"], "auth": {"token": "..."}}'
 *     > {"do": "emit", "event": "join_room", "payload": {"room": 7}, "ref": 1}
 *     < {"told": "answered", "ref": 1, "answer": {"ok": true, "room": "0198..."}}
 */

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../../../../web/package.json", import.meta.url));
const { io } = require("socket.io-client");

const [url, options] = process.argv.slice(2);

function tell(told, rest = {}) {
  process.stdout.write(`${JSON.stringify({ told, ...rest })}\n`);
}

const socket = io(url, { autoConnect: false, reconnectionDelay: 100, ...JSON.parse(options) });
socket.io.on("open", () => {
  socket.io.engine.once("upgrade", (transport) => tell("upgraded", { transport: transport.name }));
});
socket.on("connect", () => tell("connected", { transport: socket.io.engine.transport.name }));
socket.on("connect_error", (error) => tell("not connected", { message: error.message, data: error.data ?? null }));
socket.on("disconnect", (reason) => tell("disconnected", { reason, active: socket.active }));
socket.onAny((event, payload) => tell("heard", { event, payload }));

const commands = {
  connect: () => socket.connect(),
  disconnect: () => socket.disconnect(),
  emit: ({ event, payload, ref }) => {
    if (ref === undefined) {
      socket.emit(event, payload);
    } else {
      socket.emit(event, payload, (answer) => tell("answered", { ref, answer }));
    }
  },
  binary: ({ event, ref }) => socket.emit(event, Buffer.from("x"), (answer) => tell("answered", { ref, answer })),
};

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const command = JSON.parse(line);
  commands[command.do](command);
});
lines.on("close", () => process.exit(0));
