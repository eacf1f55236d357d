/**
 * Handing the account secret over between two devices of one person. What is said and when is in `crypto/handover.ts`; here it is
 * carried by the server's mailbox, and shown.
 */

import type { Bytes } from "../../crypto/bytes.ts";
import type { HandoverMessage } from "../../crypto/handover.ts";
import { ask, type Asking, askingCompared, askingHears } from "../../crypto/handover_asking.ts";
import { answer, type Giving, givingCompared, givingHears } from "../../crypto/handover_giving.ts";
import type { Handover, HandoverFailure } from "../../model/encryption.ts";
import type { HandoverNews } from "../../protocol/channels.ts";
import { ApiError } from "../../protocol/errors.ts";
import type { Rest } from "../../protocol/rest.ts";
import type { Stores } from "../../stores/stores.ts";
import { refusal, unlessPassing } from "./refusals.ts";

export interface HandingOptions {
  readonly myId: string;
  readonly rest: Pick<Rest, "beginHandover" | "handover" | "sayInHandover" | "endHandover">;
  readonly store: Stores["encryption"];
  /** Null: this device has none to give. */
  readonly secret: () => Bytes | null;
  readonly onSecret: (secret: Bytes) => Promise<void>;
}

type Side =
  | { readonly role: "asking"; readonly state: Asking }
  | { readonly role: "giving"; readonly state: Giving };

interface Run {
  readonly id: string;
  readonly device: string | null;
  side: Side;
  /** How many messages, of both, were looked at. */
  heard: number;
}

export class Handing {
  private readonly options: HandingOptions;
  private run: Run | null = null;
  private expiry: ReturnType<typeof setTimeout> | undefined;
  /** One thing after the other, since what is heard comes while something is being said. */
  private work: Promise<unknown> = Promise.resolve();

  constructor(options: HandingOptions) {
    this.options = options;
  }

  async ask(): Promise<void> {
    await this.inTurn(async () => {
      const { myId, rest } = this.options;
      await this.end();
      const { state, message } = await ask(myId);
      const { id, expires_at } = await rest.beginHandover(worded(message));
      this.run = { id, device: null, side: { role: "asking", state }, heard: 1 };
      this.expire(expires_at);
      this.show({ step: "waiting", role: "asking", id, expires_at });
    });
  }

  /** The person wants to give. */
  async answer(id: string): Promise<void> {
    await this.inTurn(async () => {
      const { myId, rest, secret } = this.options;
      if (secret() === null) throw refusal("encryption_locked");
      const { device, messages, expires_at } = await rest.handover(id);
      const { state, message } = await answer(myId, messages[0]);
      this.run = { id, device, side: { role: "giving", state }, heard: 2 };
      this.expire(expires_at);
      await this.go(this.run, { role: "giving", state }, message);
    });
  }

  /** The person has compared the codes. */
  async confirm(): Promise<void> {
    await this.inTurn(async () => {
      const { run } = this;
      if (run === null) throw refusal("no_handover");
      const { side } = run;
      if (side.role === "asking") {
        const { state, message } = await askingCompared(side.state, true);
        await this.go(run, { role: "asking", state }, message);
      } else {
        const secret = this.options.secret();
        if (secret === null) throw refusal("encryption_locked");
        const { state, message } = await givingCompared(side.state, true, secret);
        await this.go(run, { role: "giving", state }, message);
      }
    });
  }

  async cancel(): Promise<void> {
    await this.inTurn(async () => {
      await this.end();
      this.show(null);
    });
  }

  /** What the own topic tells, on all devices alike. */
  hear(news: HandoverNews): void {
    void this.inTurn(async () => {
      const { run } = this;
      if (run?.id !== news.id) this.hearOther(news);
      else if (news.is_over) this.over(run);
      else await this.hearMessages(run, news.messages);
    }).catch(unlessPassing);
  }

  stop(): void {
    clearTimeout(this.expiry);
    this.run = null;
  }

  private hearOther({ id, device, messages, is_over: isOver }: HandoverNews): void {
    const shown = this.options.store.getState().handover;
    const isShown = shown?.step === "asked" && shown.id === id;
    // Another device of the person's answered, or it was given up.
    if (isShown && (isOver || messages.length > 1)) this.show(null);
    const isNew = !isOver && messages.length === 1 && this.run === null && this.options.secret() !== null;
    if (isNew) this.show({ step: "asked", role: "giving", id, device });
  }

  private async hearMessages(run: Run, messages: HandoverNews["messages"]): Promise<void> {
    const others = run.side.role === "asking" ? 1 : 0;
    for (; run.heard < messages.length && this.run === run; run.heard += 1) {
      if (run.heard % 2 !== others) continue;
      const { side } = run;
      if (side.role === "asking") {
        const { state, message } = await askingHears(side.state, messages[run.heard]);
        await this.go(run, { role: "asking", state }, message);
      } else {
        const { state, message } = await givingHears(side.state, messages[run.heard]);
        await this.go(run, { role: "giving", state }, message);
      }
    }
  }

  /** Says what there is to say, and shows where it is then. */
  private async go(run: Run, side: Side, message: HandoverMessage | null): Promise<void> {
    run.side = side;
    const { state, role } = side;
    if (message !== null) await this.say(run, message);
    // What could not be said has ended it.
    if (this.run !== run) return;
    switch (state.at) {
      case "comparing": {
        const isConfirmed = "isConfirmed" in state && state.isConfirmed;
        this.show({ step: "comparing", role, id: run.id, device: run.device, code: state.code, isConfirmed });
        return;
      }
      case "given": {
        const shown = this.options.store.getState().handover;
        if (shown?.step === "comparing") this.show({ ...shown, isConfirmed: true });
        return;
      }
      case "finished":
        if ("secret" in state) await this.options.onSecret(state.secret);
        this.close();
        this.show({ step: "done", role });
        return;
      case "failed":
        this.fail(run, state.because === "codes_differ" ? "cancelled" : "tampered");
        await this.options.rest.endHandover(run.id).catch(() => undefined);
        return;
      case "waiting":
      case "answered":
        return;
    }
  }

  private async say(run: Run, message: HandoverMessage): Promise<void> {
    try {
      await this.options.rest.sayInHandover(run.id, worded(message));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) this.fail(run, "expired");
      else if (error.status === 409) this.fail(run, "busy");
      else throw error;
    }
  }

  private over(run: Run): void {
    const { state } = run.side;
    if (state.at !== "finished") this.fail(run, "cancelled");
  }

  private fail(run: Run, why: HandoverFailure): void {
    this.close();
    this.show({ step: "failed", role: run.side.role, why });
  }

  private async end(): Promise<void> {
    const { run } = this;
    this.close();
    // One that was never answered, or is over already, needs no end.
    if (run !== null) await this.options.rest.endHandover(run.id).catch(() => undefined);
  }

  private close(): void {
    clearTimeout(this.expiry);
    this.run = null;
  }

  private expire(expiresAt: string): void {
    const { run } = this;
    clearTimeout(this.expiry);
    const delay_ms = Math.max(0, Date.parse(expiresAt) - Date.now());
    this.expiry = setTimeout(() => {
      if (run !== null && this.run === run) this.fail(run, "expired");
    }, delay_ms);
  }

  private show(handover: Handover | null): void {
    this.options.store.setState({ handover });
  }

  private async inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.work.then(work, work);
    this.work = done.catch(() => undefined);
    await done;
  }
}

function worded(message: HandoverMessage | null): Readonly<Record<string, unknown>> {
  return { ...message };
}
