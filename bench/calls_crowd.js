/**
 * Many who only listen, in one page: each with an account, a Phoenix socket and a connection of their own to the
 * forwarding server, as docs/protocols/voice.md has it ("Through a forwarding server"). No line of our client is in it.
 */
"use strict";

window.crowd = (() => {
  const heartbeat_ms = 30_000;
  const isOwn = (line) => / (127\.0\.0\.1|::1) \d+ typ /.test(line);
  const onlyOwn = (sdp) =>
    sdp
      .split("\r\n")
      .filter((line) => !line.startsWith("a=candidate:") || isOwn(line))
      .join("\r\n");
  const credentialsOf = (sdp) => /^a=ice-ufrag:(.*)$/m.exec(sdp)?.[1]?.trim() ?? "";

  class Listener {
    constructor(token, topic) {
      this.token = token;
      this.topic = topic;
      this.ref = 1;
      this.streams = {};
      this.credentials = null;
      this.connection = null;
      this.count = { offers: 0, connections: 0, lost: 0, refused: [] };
      this.order = Promise.resolve();
    }

    /** Resolves with the reply to joining: `{status, response}`. */
    async enter() {
      const base = location.origin.replace("http", "ws");
      this.socket = new WebSocket(`${base}/socket/websocket?vsn=2.0.0&token=${encodeURIComponent(this.token)}`);
      await new Promise((opened, failed) => {
        this.socket.onopen = opened;
        this.socket.onerror = () => failed(new Error("the socket does not open"));
      });
      this.socket.onclose = ({ code }) => this.count.refused.push(`closed ${code}`);
      const beat = () => this.socket.send(JSON.stringify([null, "0", "phoenix", "heartbeat", {}]));
      this.beating = setInterval(beat, heartbeat_ms);
      return await new Promise((answered) => {
        this.socket.onmessage = ({ data }) => this.hear(JSON.parse(data), answered);
        this.push("phx_join", { muted: true });
      });
    }

    push(event, payload) {
      this.socket.send(JSON.stringify(["1", String(this.ref), this.topic, event, payload]));
      this.ref += 1;
    }

    hear([, ref, topic, event, payload], answered) {
      if (topic !== this.topic) return;
      if (event === "phx_reply" && ref === "1") answered(payload);
      if (event === "phx_reply" && ref !== "1" && payload.status !== "ok") this.count.refused.push(payload.response.reason);
      if (event !== "offer" || payload.from !== "sfu" || payload.from_session !== "down") return;
      this.count.offers += 1;
      this.order = this.order.then(() => this.take(payload)).catch((error) => this.count.refused.push(String(error)));
    }

    async take({ sdp, streams }) {
      if (credentialsOf(sdp) !== this.credentials) this.begin(credentialsOf(sdp));
      const { connection } = this;
      await connection.setRemoteDescription({ type: "offer", sdp: onlyOwn(sdp) });
      await connection.setLocalDescription();
      this.streams = streams;
      this.push("answer", { ...toDown, sdp: connection.localDescription.sdp });
    }

    begin(credentials) {
      this.connection?.close();
      const connection = new RTCPeerConnection();
      this.credentials = credentials;
      this.connection = connection;
      this.count.connections += 1;
      connection.onicecandidate = ({ candidate }) => {
        if (candidate !== null && !isOwn(candidate.candidate)) return;
        this.push("ice_candidate", { ...toDown, candidate: candidate?.toJSON() ?? null });
      };
      connection.onconnectionstatechange = () => {
        if (["disconnected", "failed"].includes(connection.connectionState)) this.count.lost += 1;
      };
    }

    /** What came of each speaker: `{[user_id]: {packets, lost}}`. */
    async measure() {
      const heard = {};
      for (const report of (await this.connection?.getStats())?.values() ?? []) {
        const owner = report.type === "inbound-rtp" ? this.streams[report.mid] : undefined;
        if (owner !== undefined) heard[owner.user_id] = { packets: report.packetsReceived, lost: report.packetsLost };
      }
      return { heard, state: this.connection?.connectionState ?? "none", ...this.count };
    }

    leave() {
      clearInterval(this.beating);
      this.socket.onclose = null;
      this.socket.close();
      this.connection?.close();
    }
  }

  const toDown = { to: "sfu", to_session: "down" };
  const listeners = [];

  return {
    /** All at once; resolves with the replies. */
    enter: async ({ topic, tokens }) =>
      await Promise.all(
        tokens.map(async (token) => {
          const listener = new Listener(token, topic);
          const reply = await listener.enter();
          if (reply.status === "ok") listeners.push(listener);
          else listener.leave();
          return reply;
        }),
      ),
    measure: async () => await Promise.all(listeners.map((each) => each.measure())),
    leave: () => {
      for (const each of listeners.splice(0)) each.leave();
    },
  };
})();
