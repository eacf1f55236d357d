/** The one error of every refused or failed request. */

import type { SecondStep } from "../model/entrance.ts";

/** `offline`: no answer came; `timeout`: the socket gave none in time; all other codes are the server's. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The HTTP status; 0 when no answer came or the refusal came over the socket. */
  readonly status: number;
  readonly code: string;
  /** Per input field, what is wrong with it. */
  readonly fields: Readonly<Record<string, FieldError>>;
  /** Seconds to wait before a retry, where the server says so. */
  readonly retryAfter_s: number | null;
  /** How signing in goes on, where the first proof was right. */
  readonly secondStep: SecondStep | null;

  constructor(init: {
    status: number;
    code: string;
    detail: string;
    fields?: Record<string, FieldError>;
    retryAfter_s?: number | null;
    secondStep?: SecondStep | null;
  }) {
    super(init.detail);
    this.status = init.status;
    this.code = init.code;
    this.fields = init.fields ?? {};
    this.retryAfter_s = init.retryAfter_s ?? null;
    this.secondStep = init.secondStep ?? null;
  }
}

export interface FieldError {
  readonly code: string;
  readonly detail: string;
}

interface ErrorBody {
  readonly errors: readonly (FieldError & { readonly attr: string | null })[];
  readonly second_step?: SecondStep;
}

/** The error that a refusing response tells of; `parsed` is its body, where that was read already. */
export async function refusalOf(response: Response, parsed?: unknown): Promise<ApiError> {
  const body = (parsed ?? (await response.json().catch(() => null))) as ErrorBody | null;
  const errors = Array.isArray(body?.errors) ? body.errors : [];
  const retryAfter = response.headers.get("Retry-After");
  return new ApiError({
    status: response.status,
    code: errors[0]?.code ?? "error",
    detail: errors[0]?.detail ?? "Something went wrong on the server.",
    fields: Object.fromEntries(errors.flatMap(({ attr, code, detail }) => (attr ? [[attr, { code, detail }]] : []))),
    retryAfter_s: retryAfter === null ? null : Number(retryAfter),
    secondStep: body?.second_step ?? null,
  });
}
