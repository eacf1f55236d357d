/** Brings the page of a chat to life: messages come as they are sent, and go without leaving the page. */

import { io } from "socket.io-client";
import { Composer, type Form } from "./composer.ts";
import { Reloading } from "./reloading.ts";
import { Room, type Wire } from "./room.ts";
import { localise, Thread } from "./thread.ts";

const composing = document.querySelector<HTMLFormElement>("form[data-room]");
if (composing !== null) start(composing, composing.dataset["room"] ?? "", composing.dataset["me"] ?? "");

function start(form: HTMLFormElement, roomId: string, me: string): void {
  const here = new URL(form.action).pathname;
  const thread = new Thread(here, me);
  const reloading = new Reloading(
    () => thread.reload().catch(() => undefined),
    () => document.visibilityState === "visible",
  );
  const typing = form.querySelector("#typing");
  const room = new Room(io({ withCredentials: true }) as Wire, roomId, me, {
    line(line) {
      thread.add(line);
      reloading.read();
    },
    changed: () => reloading.changed(),
    typing(names) {
      if (typing !== null) typing.textContent = names.length > 0 ? `${names.join(", ")} typing…` : "";
    },
  });
  const text = form.querySelector("textarea");
  const composer = new Composer(room, formOf(form));
  form.addEventListener("submit", (event) => {
    if ((event.submitter as HTMLButtonElement | null)?.hasAttribute("formaction")) return;
    event.preventDefault();
    void composer.submit();
  });
  text?.addEventListener("input", () => room.type());
  text?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") reloading.seen();
  });
  // It comes by itself now.
  document.querySelector("#watch")?.remove();
  document.querySelector("#zone")?.remove();
  localise(document);
  room.listen();
}

function formOf(form: HTMLFormElement): Form {
  const text = form.elements.namedItem("text") as HTMLTextAreaElement;
  const clientRef = form.elements.namedItem("client_ref") as HTMLInputElement;
  const told = form.querySelector("#told");
  return {
    fields: () => ({
      text: text.value,
      clientRef: clientRef.value,
      isReply: form.elements.namedItem("reply_to") !== null,
    }),
    clear() {
      text.value = "";
      clientRef.value = crypto.randomUUID();
      told?.replaceChildren();
    },
    refuse(detail) {
      told?.replaceChildren(detail);
    },
    post: () => form.submit(),
  };
}
