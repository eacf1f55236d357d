/** What an exchange with the REST interface comes to. */

import { refusalOf } from "./errors.ts";
import { withMessageIds } from "./sealed_ids.ts";

/** The data of an answer that is ok; rejects with ApiError otherwise. */
export async function answer<Data>(
  exchange: Promise<{ readonly data?: Data; readonly error?: unknown; readonly response: Response }>,
): Promise<Data> {
  const { data, error, response } = await exchange;
  if (!response.ok) throw await refusalOf(response, error);
  // An answer that is ok has the data that the document promises; one without a body promises none.
  return withMessageIds(data as Data);
}
