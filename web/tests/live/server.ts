/** A real server in a process of its own, with its own folder and port; it can be stopped and started again. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = path.resolve(import.meta.dirname, "../../..");
const python = process.env["PYTHON"] ?? path.join(root, ".venv/bin/python");
const startLimit_ms = 20_000;

export class Server {
  readonly origin: string;
  private readonly folder: string;
  private readonly port: number;
  private process: ChildProcess | null = null;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
    this.origin = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<Server> {
    const folder = await mkdtemp(path.join(tmpdir(), "tertulia-live-"));
    const server = new Server(folder, await freePort());
    await server.restart();
    return server;
  }

  async restart(): Promise<void> {
    this.process = spawn(python, ["-m", "tertulia", "serve"], {
      cwd: this.folder,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: this.folder,
        PORT: String(this.port),
        VAR_DIR: this.folder,
        LOG_LEVEL: "warning",
        // The tests sign up more people in a minute than a server lets one address.
        LIMITS_SCALE: "1000",
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const deadline = Date.now() + startLimit_ms;
    while (!(await this.answers())) {
      if (this.process.exitCode !== null || Date.now() > deadline) throw new Error("the server did not start");
      await sleep(50);
    }
  }

  async stop(): Promise<void> {
    const { process: running } = this;
    if (running === null || running.exitCode !== null) return;
    const exited = once(running, "exit");
    running.kill("SIGTERM");
    await exited;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<boolean> {
    const response = await fetch(`${this.origin}/readyz`).catch(() => null);
    return response?.ok ?? false;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
