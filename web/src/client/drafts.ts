/** What was typed and not sent, per conversation, kept across reloads. */

export class Drafts {
  private readonly storage: Storage;
  private readonly prefix: string;

  constructor(storage: Storage, accountId: string) {
    this.storage = storage;
    this.prefix = `tertulia.draft.${accountId}.`;
  }

  get(conversationId: string): string {
    return this.storage.getItem(this.prefix + conversationId) ?? "";
  }

  save(conversationId: string, text: string): void {
    if (text === "") this.storage.removeItem(this.prefix + conversationId);
    else this.storage.setItem(this.prefix + conversationId, text);
  }

  clear(): void {
    const keys = Array.from({ length: this.storage.length }, (_, at) => this.storage.key(at));
    for (const key of keys) if (key?.startsWith(this.prefix)) this.storage.removeItem(key);
  }
}
