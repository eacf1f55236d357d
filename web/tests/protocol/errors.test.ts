import { expect, test } from "vitest";
import { refusalOf } from "../../src/protocol/errors.ts";

test("a refusal to sign in tells how it goes on", async () => {
  const step = { token: "t", methods: ["totp"] };
  const entry = { code: "second_step_required", detail: "More is needed.", attr: null };
  const body = { type: "client_error", errors: [entry], second_step: step };
  expect(await refusalOf(Response.json(body, { status: 401 }))).toMatchObject({
    code: "second_step_required",
    secondStep: step,
  });
});

test("a refusal for haste tells how long to wait", async () => {
  const body = { type: "client_error", errors: [{ code: "rate_limited", detail: "Later.", attr: null }] };
  const response = Response.json(body, { status: 429, headers: { "Retry-After": "12" } });
  expect(await refusalOf(response)).toMatchObject({ retryAfter_s: 12, secondStep: null });
});
