import "./preview-card.css";
import { clsx } from "clsx";
import { useState } from "react";
import type { Preview } from "../../model/message.ts";
import { hrefOf } from "./links.ts";

const wide_px = 300;

/** What the page behind a link says of itself; it leads there. */
export function PreviewCard({ preview }: { preview: Preview }) {
  const [isImageGone, setIsImageGone] = useState(false);
  const href = hrefOf(preview.url);
  if (href === null) return null;
  const { image, width, height, site, title, description } = preview;
  const isWide = width !== null && height !== null && width >= wide_px && width > height;
  const ratio = width !== null && height !== null ? `${width} / ${height}` : "1.91 / 1";
  return (
    <a
      className={clsx("preview-card", isWide && "preview-card-wide")}
      href={href}
      target="_blank"
      rel="noopener noreferrer"
    >
      <span className="preview-card-text">
        <span className="preview-card-site">{site ?? new URL(href).hostname}</span>
        {title && <span className="preview-card-title">{title}</span>}
        {description && <span className="preview-card-description">{description}</span>}
      </span>
      {image !== null && !isImageGone && (
        <img
          src={image}
          alt=""
          loading="lazy"
          draggable={false}
          {...(isWide && { style: { aspectRatio: ratio } })}
          onError={() => setIsImageGone(true)}
        />
      )}
    </a>
  );
}
