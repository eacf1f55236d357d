/** A picture that is enlarged and moved about. */

export interface Zoom {
  readonly scale: number;
  /** How far its middle is from the middle of the screen, in CSS pixels. */
  readonly x: number;
  readonly y: number;
}

export const whole: Zoom = { scale: 1, x: 0, y: 0 };
const most = 6;

/** Enlarged by a factor, so that what lies at the point (seen from the middle of the screen) stays there. */
export function zoomedAt(zoom: Zoom, factor: number, point: { readonly x: number; readonly y: number }): Zoom {
  const scale = Math.min(most, Math.max(1, zoom.scale * factor));
  if (scale === 1) return whole;
  const real = scale / zoom.scale;
  return { scale, x: point.x - (point.x - zoom.x) * real, y: point.y - (point.y - zoom.y) * real };
}

/** Moved, but not so far that it leaves the screen; `size` is that of the picture as a whole. */
export function moved(zoom: Zoom, by: { readonly x: number; readonly y: number }, size: Size, screen: Size): Zoom {
  const limit = (length: number, room: number) => Math.max(0, (length * zoom.scale - room) / 2);
  return {
    scale: zoom.scale,
    x: within(zoom.x + by.x, limit(size.width, screen.width)),
    y: within(zoom.y + by.y, limit(size.height, screen.height)),
  };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

function within(value: number, most_px: number): number {
  return most_px === 0 ? 0 : Math.min(most_px, Math.max(-most_px, value));
}
