import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/tertulia/gateways/pages/dist",
    emptyOutDir: true,
    target: "es2022",
    // The pages are served with `default-src 'self'`, which refuses data: URLs.
    assetsInlineLimit: 0,
    // What public/sw.js reads to know what there is to keep.
    manifest: "assets.json",
    rolldownOptions: {
      // The light pages (gateways/pages/lite) are written by the server and have this script alone.
      input: { index: "index.html", lite: "src/lite/main.ts" },
    },
  },
  server: {
    proxy: {
      "/auth": server,
      "/api": server,
      "/lite": server,
      "/socket": { target: server, ws: true },
      "/socket.io": { target: server, ws: true },
    },
  },
  test: {
    projects: [
      {
        extends: true,
        // Those that try hundreds of made-up cases take their time on a busy machine.
        test: { name: "unit", include: ["tests/**/*.test.{ts,tsx}"], exclude: ["tests/live/**"], testTimeout: 30_000 },
      },
      // Against a real server, which they start themselves.
      { extends: true, test: { name: "live", include: ["tests/live/**/*.test.ts"], testTimeout: 30_000, hookTimeout: 30_000 } },
    ],
  },
});
