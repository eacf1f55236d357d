/** Addresses of people's pictures, which come in several sizes. */

const sizes_px = [96, 256, 640] as const;

export type PictureSize = (typeof sizes_px)[number];

/** `/api/avatars/5f0c…/640` in another size; an address that names no size stays as it is. */
export function pictureOf(address: string, size: PictureSize): string {
  return address.replace(/\/\d+$/u, `/${size}`);
}
