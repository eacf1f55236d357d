import { describe, expect, test } from "vitest";
import { ApiError } from "../../src/protocol/errors.ts";
import { english } from "../../src/words/english.ts";
import { callWordsFor } from "../../src/words/call_words.ts";
import { englishCall } from "../../src/words/english_call.ts";
import { languageFor } from "../../src/words/language.ts";
import { fieldSentenceOf, sentenceOf } from "../../src/words/refusals.ts";
import { spanish } from "../../src/words/spanish.ts";
import { spanishCall } from "../../src/words/spanish_call.ts";

/** Every text with its path; those that take values are worded with stand-ins. */
function texts(words: object, path = ""): readonly (readonly [path: string, text: string])[] {
  return Object.entries(words).flatMap(([key, value]) => {
    const here = `${path}/${key}`;
    if (typeof value === "function") return [[here, wordingOf(value)] as const];
    return typeof value === "object" ? texts(value as object, here) : [[here, String(value)] as const];
  });
}

function wordingOf(wording: (...values: readonly unknown[]) => unknown): string {
  try {
    return String(wording(2, "B"));
  } catch {
    // It lists several.
    return String(wording(["A", "B"]));
  }
}

describe("the catalogues", () => {
  const ours = new Map(texts({ ...english("en"), call: englishCall("en") }));
  const theirs = new Map(texts({ ...spanish("es"), call: spanishCall("es") }));

  test("have the same texts", () => {
    expect([...theirs.keys()]).toEqual([...ours.keys()]);
  });

  test("leave no text empty", () => {
    const empty = [...ours, ...theirs].filter(([, text]) => text === "");
    expect(empty).toEqual([]);
  });

  test("count as their language does", () => {
    expect(english("en").thread.members(1)).toBe("1 member");
    expect(english("en").thread.members(1200)).toBe("1,200 members");
    expect(spanish("es").thread.members(1)).toBe("1 miembro");
    expect(spanish("es").thread.members(12_000)).toBe("12.000 miembros");
  });
});

describe("the language", () => {
  test("is the first wanted one that there is, with the person's own locale", async () => {
    expect((await languageFor(["ca", "es-MX", "en"])).locale).toBe("es-MX");
    expect((await languageFor(["es-MX"])).words.account.settings).toBe("Ajustes");
    expect((await languageFor(["en-GB", "es"])).locale).toBe("en-GB");
  });

  test("is English where none is", async () => {
    expect((await languageFor(["ja"])).words.account.settings).toBe("Settings");
    expect((await languageFor([])).locale).toBe("en");
  });

  test("of calls are in the same language", async () => {
    expect((await callWordsFor("es-MX")).mute).toBe("Silenciar");
    expect((await callWordsFor("en-GB")).mute).toBe("Mute");
    expect(callWordsFor("es-MX")).toBe(callWordsFor("es-MX"));
  });
});

function tooSoon(retryAfter_s: number | null): ApiError {
  return new ApiError({ status: 429, code: "rate_limited", detail: "", retryAfter_s });
}

describe("a refusal", () => {
  const words = english("en");
  const taken = new ApiError({
    status: 400,
    code: "invalid",
    detail: "The form has faults.",
    fields: { email: { code: "taken", detail: "Already used." } },
  });

  test("is worded by its code, else in the server's words", () => {
    expect(sentenceOf(new ApiError({ status: 0, code: "offline", detail: "" }), words)).toBe(
      words.refusals["offline"],
    );
    expect(sentenceOf(taken, words)).toBe("The form has faults.");
  });

  test("for haste says how long to wait, in each language", () => {
    expect(sentenceOf(tooSoon(1), words)).toBe("Too many tries. Try again in 1 second.");
    expect(sentenceOf(tooSoon(800), words)).toBe("Too many tries. Try again in 14 minutes.");
    expect(sentenceOf(tooSoon(30), spanish("es"))).toBe("Demasiados intentos. Vuelve a intentarlo en 30 segundos.");
    expect(sentenceOf(tooSoon(null), words)).toBe(words.refusals["rate_limited"]);
  });

  test("tells each field its own fault", () => {
    expect(fieldSentenceOf(taken, "email", words)).toBe(words.refusals["taken"]);
    expect(fieldSentenceOf(taken, "password", words)).toBeUndefined();
  });

  test("that nobody foresaw says that it failed", () => {
    expect(sentenceOf(new TypeError("x is undefined"), words)).toBe(words.refusals["error"]);
  });
});
