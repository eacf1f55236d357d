/** Reading QR codes with the camera, where the browser can do that by itself. */

/** What of the Shape Detection API is used here; it is not in every browser, and not in TypeScript's library. */
interface BarcodeReader {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}

type BarcodeReaderClass = new (options: { readonly formats: readonly string[] }) => BarcodeReader;

const between_ms = 200;

export function canScan(): boolean {
  return "BarcodeDetector" in globalThis && navigator.mediaDevices !== undefined;
}

/** Shows the camera in `video` and tells each text that comes into its view, until `signal` ends it. Rejects without a camera. */
export async function scan(video: HTMLVideoElement, onText: (text: string) => void, signal: AbortSignal): Promise<void> {
  const Reader = (globalThis as unknown as { readonly BarcodeDetector: BarcodeReaderClass }).BarcodeDetector;
  const reader = new Reader({ formats: ["qr_code"] });
  const camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
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
  const look = async () => {
    if (signal.aborted) return;
    const [code] = await reader.detect(video).catch(() => []);
    if (code) onText(code.rawValue);
    setTimeout(() => void look(), between_ms);
  };
  await look();
}
