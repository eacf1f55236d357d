// node phoenix.mjs http://127.0.0.1:8000 you@example.org password conversation-id
import { Socket } from "phoenix";
import { WebSocket } from "ws";

const [server, email, password, conversation] = process.argv.slice(2);
const answer = await fetch(`${server}/auth/login`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ email, password }),
});
const { access_token: authToken } = await answer.json();

const socket = new Socket(`${server.replace("http", "ws")}/socket`, { transport: WebSocket, authToken });
socket.onError(() => console.error("not connected"));
socket.connect();

const greeting = crypto.randomUUID(); // its client_ref, no other message's
let seq; // how far this client has everything; a join that knows it is answered with what changed since
const channel = socket.channel(`conversation:${conversation}`, () => (seq === undefined ? {} : { since: seq }));
channel.on("new_message", ({ message, seq: at }) => {
  seq = at;
  console.log(`${message.sender}: ${message.content}`);
});
channel
  .join()
  .receive("ok", ({ conversation: found }) => {
    seq = found.head_seq;
    console.log(`joined at ${seq}`);
    // The client_ref makes it harmless to send this again after a broken connection.
    channel
      .push("send_message", { content: "Hello from Phoenix", client_ref: greeting })
      .receive("error", ({ detail }) => console.error(detail));
  })
  .receive("error", ({ detail }) => console.error(detail));
