/**
 * A certified OpenID provider on a loopback port, for tests: `node provider.mjs '{"port", "redirectUris"}'`.
 *
 * Whoever signs in chooses who they are by what they type as their login: an address is an account with that
 * address, verified unless it begins with "unverified.". It says "ready" once it listens.
 */

import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const { port, redirectUris, web } = JSON.parse(process.argv[2]);
const entry = createRequire(path.join(web, "package.json")).resolve("oidc-provider");
const { Provider } = await import(pathToFileURL(entry));

const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "tertulia",
      client_secret: "a secret between the two",
      redirect_uris: redirectUris,
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  pkce: { required: () => true },
  cookies: { keys: ["a key for the cookies of a test"] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      email: id,
      email_verified: !id.startsWith("unverified."),
      name: id.split("@")[0],
    }),
  }),
});
provider.listen(port, "127.0.0.1", () => console.log("ready"));
