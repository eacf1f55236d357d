import { describe, expect, test } from "vitest";
import { pollFrom } from "../../../src/features/composer/poll.ts";

describe("a poll", () => {
  test("leaves empty lines out, and blanks around the others", () => {
    const { poll } = pollFrom({ question: " Tea? ", options: ["Yes ", "", " No"], multiple: true });
    expect(poll).toEqual({ question: "Tea?", options: ["Yes", "No"], multiple: true });
  });

  test("needs a question and two different answers", () => {
    const missing = pollFrom({ question: "", options: ["Yes", ""], multiple: false });
    expect(missing).toEqual({ poll: null, faults: { isQuestionMissing: true, missing: 1, twice: null } });
    const twice = pollFrom({ question: "Tea?", options: ["Yes", "No", "Yes"], multiple: false });
    expect(twice).toEqual({ poll: null, faults: { isQuestionMissing: false, missing: null, twice: 2 } });
  });
});
