/** The server that a file of tests has to itself, and the people on it, who go home after each test. */

import { afterAll, afterEach, beforeAll } from "vitest";
import { People } from "./people.ts";
import { Server } from "./server.ts";

export let server: Server;
export let people: People;

beforeAll(async () => {
  server = await Server.start();
  people = new People(server);
});

afterAll(async () => {
  await server.remove();
});

afterEach(() => {
  people.goHome();
});
