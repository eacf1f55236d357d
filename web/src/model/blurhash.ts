/** A picture in about thirty letters, as https://github.com/woltapp/blurhash/blob/master/Algorithm.md has it. */

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

/** The picture in RGBA, or null where the hash is none. */
export function blurhashPixels(hash: string, width: number, height: number): Uint8ClampedArray<ArrayBuffer> | null {
  const across = (numberIn(hash, 0, 1) % 9) + 1;
  const down = Math.floor(numberIn(hash, 0, 1) / 9) + 1;
  const isHash = [...hash].every((letter) => digits.includes(letter));
  if (!isHash || hash.length !== 4 + 2 * across * down) return null;
  const waves = wavesOf(hash, across * down);
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const light: [number, number, number] = [0, 0, 0];
      for (const [index, wave] of waves.entries()) {
        const basis =
          Math.cos((Math.PI * x * (index % across)) / width) *
          Math.cos((Math.PI * y * Math.floor(index / across)) / height);
        light[0] += wave[0] * basis;
        light[1] += wave[1] * basis;
        light[2] += wave[2] * basis;
      }
      pixels.set([...light.map(toByte), 255], 4 * (x + y * width));
    }
  }
  return pixels;
}

type Colour = readonly [number, number, number];

function wavesOf(hash: string, count: number): readonly Colour[] {
  const strongest = (numberIn(hash, 1, 2) + 1) / 166;
  const average = numberIn(hash, 2, 6);
  const first: Colour = [toLight(average >> 16), toLight((average >> 8) & 255), toLight(average & 255)];
  const others = Array.from({ length: count - 1 }, (_, index): Colour => {
    const value = numberIn(hash, 6 + index * 2, 8 + index * 2);
    const steps = [Math.floor(value / 361), Math.floor(value / 19) % 19, value % 19];
    const [red = 0, green = 0, blue = 0] = steps.map((step) => signedSquare((step - 9) / 9) * strongest);
    return [red, green, blue];
  });
  return [first, ...others];
}

function numberIn(hash: string, from: number, to: number): number {
  return Array.from(hash.slice(from, to)).reduce((value, letter) => value * 83 + digits.indexOf(letter), 0);
}

function signedSquare(value: number): number {
  return Math.sign(value) * value * value;
}

function toLight(byte: number): number {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function toByte(light: number): number {
  const value = Math.min(1, Math.max(0, light));
  return Math.round(255 * (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055));
}
