/**
 * The client's own names for the messages that it sends: UUIDs (RFC 9562, version 7). They rise with time, so that the
 * server, which keeps every one of them for ever, writes those of the same moment side by side.
 */

export function newClientRef(now = Date.now()): string {
  // `crypto.randomUUID` is missing on pages that came over plain http, and its UUIDs do not rise.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = new DataView(bytes.buffer, 0, 6);
  time.setUint32(0, Math.floor(now / 0x1_0000));
  time.setUint16(4, now % 0x1_0000);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
}
