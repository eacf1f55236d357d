// node socketio.mjs http://127.0.0.1:8000 you@example.org password room
import { io } from "socket.io-client";

const [server, email, password, room] = process.argv.slice(2);

const greeting = crypto.randomUUID(); // its client_ref, no other message's

async function accessToken() {
  const answer = await fetch(`${server}/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  return (await answer.json()).access_token;
}

// Asked for anew whenever the socket connects, since a token lasts for half an hour only.
const socket = io(server, { auth: (show) => accessToken().then((token) => show({ token })) });

async function ask(event, payload) {
  const answer = await socket.timeout(10_000).emitWithAck(event, { room, ...payload });
  if (answer.error) throw new Error(`${event}: ${answer.error.detail}`);
  return answer;
}

socket.on("connect", async () => {
  const { number, head_seq, online } = await ask("join_room");
  console.log(`in room ${number} at ${head_seq}, with ${online.length} others`);
  // The client_ref makes it harmless to send this again after a broken connection.
  await ask("message", { message: "Hello from Socket.IO", client_ref: greeting });
});
socket.on("message", ({ message }) => console.log(`${message.sender.display_name}: ${message.text}`));
socket.on("removed", ({ reason }) => console.log(`no longer in there: ${reason}`));
socket.on("connect_error", ({ message }) => console.error(message));
