/** Beside `window.connections`, which the browser tests keep: how often one of them was lost, and what comes by each. */
"use strict";

(() => {
  window.lostConnections = 0;
  const Watched = RTCPeerConnection;
  window.RTCPeerConnection = class extends Watched {
    constructor(...given) {
      super(...given);
      this.addEventListener("connectionstatechange", () => {
        if (["disconnected", "failed"].includes(this.connectionState)) window.lostConnections += 1;
      });
    }
  };
  window.measureCall = async () => {
    const streams = {};
    let open = 0;
    for (const [at, connection] of window.connections.entries()) {
      if (connection.connectionState === "closed") continue;
      open += 1;
      for (const report of (await connection.getStats()).values()) {
        if (report.type !== "inbound-rtp" || report.kind !== "audio") continue;
        const { packetsReceived: packets, packetsLost: lost, totalAudioEnergy: energy = 0 } = report;
        streams[`${at} ${report.ssrc}`] = { packets, lost, energy };
      }
    }
    return { streams, open, made: window.connections.length, lost: window.lostConnections };
  };
})();
