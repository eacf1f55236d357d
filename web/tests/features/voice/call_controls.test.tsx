import { Tooltip } from "radix-ui";
import { renderToReadableStream } from "react-dom/server";
import { afterEach, expect, it, vi } from "vitest";
import { ClientProvider } from "../../../src/bindings/client.tsx";
import { LanguageProvider } from "../../../src/bindings/language.tsx";
import type { Client } from "../../../src/client/client.ts";
import { CallControls } from "../../../src/features/voice/CallControls.tsx";
import { english } from "../../../src/words/english.ts";
import { joining } from "../../client/voice/a_call.ts";

afterEach(() => void vi.unstubAllGlobals());

async function drawn(): Promise<string> {
  const page = await renderToReadableStream(
    <LanguageProvider language={{ locale: "en", words: english("en") } as never}>
      <ClientProvider client={{ voice: {} } as Client}>
        <Tooltip.Provider>
          <CallControls call={joining} />
        </Tooltip.Provider>
      </ClientProvider>
    </LanguageProvider>,
  );
  await page.allReady;
  return await new Response(page).text();
}

it("offers to share the screen where the browser can", async () => {
  vi.stubGlobal("navigator", { mediaDevices: { getDisplayMedia: () => undefined } });
  expect(await drawn()).toContain("Share");
});

it.each([{}, { mediaDevices: {} }])("draws the other buttons where it cannot: %o", async (navigator) => {
  vi.stubGlobal("navigator", navigator);
  const page = await drawn();
  expect(page).toContain("Leave");
  expect(page).not.toContain("Share");
});
