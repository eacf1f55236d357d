import type { KeyboardEvent } from "react";

/** Arrow keys walk from message to message; Enter or the menu key opens the menu of the one that has the focus. */
export function moveBetweenMessages(event: KeyboardEvent<HTMLElement>): void {
  const log = event.currentTarget;
  const articles = [...log.querySelectorAll<HTMLElement>("article")];
  const current = articles.findIndex((article) => article === document.activeElement);
  const next = nextIndex(event.key, current, articles.length);
  if (next !== null) {
    const article = articles[next];
    if (!article) return;
    event.preventDefault();
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: "nearest" });
    return;
  }
  if (event.key !== "Enter" && event.key !== "ContextMenu") return;
  const button = articles[current]?.querySelector<HTMLElement>("[aria-haspopup=menu]");
  if (!button) return;
  event.preventDefault();
  button.click();
}

function nextIndex(key: string, current: number, count: number): number | null {
  if (key === "ArrowUp") return current < 0 ? count - 1 : current - 1;
  if (key === "ArrowDown") return current < 0 ? count - 1 : current + 1;
  return null;
}
