/** Reading QR codes with the camera. */

const between_ms = 200;

export function canScan(): boolean {
  return navigator.mediaDevices !== undefined;
}

/** Shows the camera in `video` and tells each text that comes into its view, until `signal` ends it. Rejects without a camera. */
export async function scan(video: HTMLVideoElement, onText: (text: string) => void, signal: AbortSignal): Promise<void> {
  const [{ default: decode }, camera] = await Promise.all([
    import("qr/decode.js"),
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }),
  ]);
  const stop = () => {
    for (const track of camera.getTracks()) track.stop();
  };
  if (signal.aborted) {
    stop();
    return;
  }
  signal.addEventListener("abort", stop);
  video.srcObject = camera;
  await video.play();
  const canvas = new OffscreenCanvas(0, 0);
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  const look = () => {
    if (signal.aborted || drawing === null) return;
    // Each time, for a telephone may be turned.
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    drawing.drawImage(video, 0, 0);
    try {
      onText(decode(drawing.getImageData(0, 0, canvas.width, canvas.height)));
    } catch {
      // There is no code in this picture, or not the whole of one.
    }
    setTimeout(look, between_ms);
  };
  look();
}
