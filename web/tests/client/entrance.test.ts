import { describe, expect, test } from "vitest";
import { admit, createEntrance } from "../../src/client/entrance.ts";
import type { Session } from "../../src/client/session.ts";
import { ApiError } from "../../src/protocol/errors.ts";
import type { Authentication, Rest } from "../../src/protocol/rest.ts";

const authentication = { user: { id: "me" } } as Authentication;
const step = { token: "t", methods: ["totp"] } as const;

/** A session that notes who came in. */
function openSession() {
  const entered: Authentication[] = [];
  const session = {
    enter: async (each: Authentication) => void entered.push(each),
    isSignedIn: () => false,
  } as unknown as Session;
  return { session, entered };
}

function refusal(status: number, more: { secondStep?: typeof step } = {}): ApiError {
  return new ApiError({ status, code: "refused", detail: "", ...more });
}

/** A server that answers each time with the next of these. */
function entranceWith(answers: readonly (ApiError | null)[]) {
  const asked: string[] = [];
  const rest = {
    confirmEmail: async (token: string) => {
      const answer = answers[asked.length];
      asked.push(token);
      if (answer) throw answer;
    },
  } as unknown as Rest;
  return { entrance: createEntrance(rest, openSession().session), asked };
}

describe("the first proof", () => {
  test("lets in where it is enough", async () => {
    const { session, entered } = openSession();
    expect(await admit(session, Promise.resolve(authentication))).toEqual({ type: "in" });
    expect(entered).toEqual([authentication]);
  });

  test("leads on to the second step where one is asked for", async () => {
    const { session, entered } = openSession();
    const proving = Promise.reject(refusal(401, { secondStep: step }));
    expect(await admit(session, proving)).toEqual({ type: "secondStep", step });
    expect(entered).toEqual([]);
  });

  test("is refused as the server refuses it", async () => {
    const wrong = refusal(401);
    await expect(admit(openSession().session, Promise.reject(wrong))).rejects.toBe(wrong);
  });
});

describe("a link that confirms an address", () => {
  test("is shown to the server once, however often it is looked at", async () => {
    const { entrance, asked } = entranceWith([null, refusal(400)]);
    await Promise.all([entrance.confirmEmail("t"), entrance.confirmEmail("t")]);
    await entrance.confirmEmail("t");
    expect(asked).toEqual(["t"]);
  });

  test("stays bad once it was said to be", async () => {
    const { entrance, asked } = entranceWith([refusal(400)]);
    await expect(entrance.confirmEmail("t")).rejects.toMatchObject({ status: 400 });
    await expect(entrance.confirmEmail("t")).rejects.toMatchObject({ status: 400 });
    expect(asked).toEqual(["t"]);
  });

  test("can be tried again where no answer came", async () => {
    const { entrance, asked } = entranceWith([refusal(0), null]);
    await expect(entrance.confirmEmail("t")).rejects.toMatchObject({ status: 0 });
    await entrance.confirmEmail("t");
    expect(asked).toEqual(["t", "t"]);
  });
});
