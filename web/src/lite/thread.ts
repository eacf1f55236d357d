/** The list of messages on the page: what the server wrote, and lines added to it. */

import type { Line } from "./room.ts";

export class Thread {
  private readonly here: string;
  private readonly me: string;

  constructor(
    here: string,
    me: string,
  ) {
    this.here = here;
    this.me = me;
  }

  /** Adds a line at its place; one that is there already stays as it is. */
  add(line: Line): void {
    const list = messages();
    const pattern = document.querySelector<HTMLTemplateElement>("#line");
    if (list === null || pattern === null || document.getElementById(`m${line.seq}`) !== null) return;
    const isAtEnd = atEnd();
    const row = (pattern.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    fill(row, line, this.here, line.senderId === this.me);
    const next = [...list.children].find((each) => Number(each.id.slice(1)) > line.seq);
    list.insertBefore(row, next ?? null);
    document.querySelector("#empty")?.remove();
    localise(row);
    if (isAtEnd) toEnd();
  }

  /** Puts the list in the place of the present one as the server has it now. */
  async reload(): Promise<void> {
    const answer = await fetch(`${this.here}/list`, { redirect: "error" });
    if (!answer.ok) return;
    const list = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("messages");
    if (list === null) return;
    const isAtEnd = atEnd();
    localise(list);
    messages()?.replaceWith(list);
    if (list.childElementCount > 0) document.querySelector("#empty")?.remove();
    if (isAtEnd) toEnd();
  }
}

/** Writes times as the reader's own place has them. */
export function localise(within: ParentNode): void {
  for (const time of within.querySelectorAll<HTMLTimeElement>("time")) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  }
}

function fill(row: HTMLElement, line: Line, here: string, isOwn: boolean): void {
  row.id = `m${line.seq}`;
  row.classList.toggle("own", isOwn);
  const name = one(row, "b");
  name.textContent = line.name;
  name.className = `s${shade(line.senderId)}`;
  (one(row, "time") as HTMLTimeElement).dateTime = line.insertedAt;
  one(row, ".text").textContent = line.text;
  const [reply, more] = row.querySelectorAll<HTMLAnchorElement>(".acts a");
  if (reply === undefined || more === undefined) return;
  reply.href = `${here}?reply=${line.seq}#latest`;
  reply.setAttribute("aria-label", `Reply to ${line.name}`);
  more.href = `${here}/${line.seq}`;
  more.setAttribute("aria-label", `More about what ${line.name} said`);
}

function shade(id: string): number {
  return /^[0-9a-f-]{36}$/.test(id) ? Number(BigInt(`0x${id.replaceAll("-", "")}`) % 7n) : 0;
}

function one(row: HTMLElement, selector: string): HTMLElement {
  return row.querySelector<HTMLElement>(selector) ?? row;
}

function messages(): HTMLElement | null {
  return document.getElementById("messages");
}

function atEnd(): boolean {
  const page = document.documentElement;
  return page.scrollHeight - page.scrollTop - page.clientHeight < 120;
}

function toEnd(): void {
  scrollTo({ top: document.documentElement.scrollHeight });
}
