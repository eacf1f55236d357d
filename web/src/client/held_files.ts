/** Files too large for the disk: each is held by the tab that it was chosen in, and the others can ask for whether it is. */

import type { Tabs } from "./environment.ts";

/** How long the other tabs have to answer. */
const patience_ms = 1_000;

type News = { readonly sought: string } | { readonly held: string };

export class HeldFiles {
  private readonly tabs: Tabs;
  private readonly contents = new Map<string, Blob>();
  /** What this tab has asked for, and whoever waits for an answer. */
  private readonly asked = new Map<string, () => void>();

  constructor(tabs: Tabs) {
    this.tabs = tabs;
    tabs.hear((news) => this.hear(news as News));
  }

  hold(fileRef: string, content: Blob): void {
    this.contents.set(fileRef, content);
  }

  get(fileRef: string): Blob | null {
    return this.contents.get(fileRef) ?? null;
  }

  letGo(fileRef: string): void {
    this.contents.delete(fileRef);
  }

  /** Whether another tab holds it. */
  async isElsewhere(fileRef: string): Promise<boolean> {
    return await new Promise((resolve) => {
      const answer = (isHeld: boolean): void => {
        clearTimeout(timer);
        this.asked.delete(fileRef);
        resolve(isHeld);
      };
      const timer = setTimeout(() => answer(false), patience_ms);
      this.asked.set(fileRef, () => answer(true));
      this.tabs.tell({ sought: fileRef } satisfies News);
    });
  }

  /** Whoever waits for an answer is told nothing that would have a file given up. */
  close(): void {
    for (const answer of this.asked.values()) answer();
    this.tabs.close();
  }

  private hear(news: News): void {
    if ("held" in news) this.asked.get(news.held)?.();
    else if (this.contents.has(news.sought)) this.tabs.tell({ held: news.sought } satisfies News);
  }
}
