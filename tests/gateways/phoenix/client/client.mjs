/**
 * The real npm `phoenix` client, told what to do by lines of JSON on standard input, and telling what happens to it by
 * lines of JSON on standard output.
 *
 *     node client.mjs websocket ws://127.0.0.1:8000/socket '{"token": "..."}' ["the socket's authToken"]
 *     > {"do": "join", "topic": "user:1", "params": {}}
 *     < {"told": "joined", "topic": "user:1", "response": {}}
 */

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../../../../web/package.json", import.meta.url));
const { LongPoll, Presence, Socket } = require("phoenix");
const { WebSocket } = require("ws");

const [transport, endpoint, params, authToken] = process.argv.slice(2);
const channels = new Map();

function tell(told, rest = {}) {
  process.stdout.write(`${JSON.stringify({ told, ...rest })}\n`);
}

/** What a proxy that knows no WebSockets makes of them. */
class BlockedWebSocket extends WebSocket {
  constructor(address, protocols) {
    super(address.replace("/socket/websocket", "/nowhere"), protocols);
  }
}

const transports = {
  websocket: { transport: WebSocket },
  longpoll: { transport: LongPoll },
  fallback: { transport: BlockedWebSocket, longPollFallbackMs: 5000 },
};

const socket = new Socket(endpoint, {
  params: JSON.parse(params),
  ...transports[transport],
  reconnectAfterMs: () => 100,
  rejoinAfterMs: () => 100,
  timeout: 5000,
  ...(authToken === undefined ? {} : { authToken }),
});
socket.onOpen(() => tell("opened", { transport: socket.transportName(socket.transport) }));
socket.onClose((event) => tell("closed", { code: event.code }));
socket.onError(() => tell("failed"));

function answered(push, topic, names) {
  for (const [status, name] of Object.entries(names)) {
    push.receive(status, (response) => tell(name, { topic, response }));
  }
}

const commands = {
  connect: () => socket.connect(),
  disconnect: () => socket.disconnect(),
  join: ({ topic, params: joinParams, events = [] }) => {
    const channel = socket.channel(topic, joinParams);
    channels.set(topic, channel);
    for (const event of events) {
      channel.on(event, (payload) => tell("heard", { topic, event, payload }));
    }
    channel.onClose(() => tell("channel closed", { topic }));
    channel.onError(() => tell("channel errored", { topic }));
    answered(channel.join(), topic, { ok: "joined", error: "not joined", timeout: "join timed out" });
  },
  push: ({ topic, event, payload }) => {
    const push = channels.get(topic).push(event, payload);
    answered(push, topic, { ok: "granted", error: "refused", timeout: "push timed out" });
  },
  leave: ({ topic }) => answered(channels.get(topic).leave(), topic, { ok: "left", timeout: "leave timed out" }),
  presence: ({ topic }) => {
    const presence = new Presence(channels.get(topic));
    presence.onSync(() => tell("online", { ids: presence.list((id) => id).sort() }));
    presence.onJoin((id, current) => current ?? tell("came", { id }));
    presence.onLeave((id, current) => current.metas.length > 0 || tell("went", { id }));
  },
  ping: () => socket.ping(() => tell("ponged")),
};

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const command = JSON.parse(line);
  commands[command.do](command);
});
lines.on("close", () => process.exit(0));
