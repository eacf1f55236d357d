/** Sending something large: `fetch` does not tell how far it has come, XMLHttpRequest does. */

export type Progress = (sent: number, total: number) => void;

/** Takes the place of the global `fetch` for one request with a body. Rejects when no answer comes, or by the signal. */
export async function sendTellingProgress(
  request: Request,
  onProgress: Progress,
  signal?: AbortSignal,
): Promise<Response> {
  const body = await request.blob();
  return await new Promise<Response>((resolve, reject) => {
    const exchange = new XMLHttpRequest();
    exchange.open(request.method, request.url);
    exchange.responseType = "text";
    request.headers.forEach((value, name) => exchange.setRequestHeader(name, value));
    exchange.upload.addEventListener("progress", (event) => onProgress(event.loaded, event.total));
    exchange.addEventListener("load", () => resolve(responseOf(exchange)));
    for (const failure of ["error", "abort", "timeout"]) {
      exchange.addEventListener(failure, () => reject(new TypeError("The request was not answered.")));
    }
    signal?.addEventListener("abort", () => exchange.abort());
    if (signal?.aborted) reject(new TypeError("The request is not wanted any more."));
    else exchange.send(body);
  });
}

function responseOf(exchange: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of exchange.getAllResponseHeaders().trim().split(/[\r\n]+/u)) {
    const [name, value] = line.split(/:\s*(.*)/su);
    if (name) headers.append(name, value ?? "");
  }
  const hasBody = exchange.status !== 204 && exchange.status !== 304;
  return new Response(hasBody ? exchange.responseText : null, { status: exchange.status, headers });
}
