import * as oauth from "openid-client";
import { callApi } from "./api.js";
import { AuthKitProcess } from "./authkit-process.js";
import { begin, discover } from "./openid-client.js";
import { Person } from "./person.js";
import { openScene, type Scene } from "./scene.js";

/** People who come again: what is kept of each of them is kept once. */
const PEOPLE = 50;

/** Logins one after the other and at the same time, at an AuthKit in a process of its own. */
export class Crowd {
  readonly authkit: AuthKitProcess;
  readonly #scene: Scene;
  readonly #config: oauth.Configuration;
  #logins = 0;

  private constructor(authkit: AuthKitProcess, scene: Scene, config: oauth.Configuration) {
    this.authkit = authkit;
    this.#scene = scene;
    this.#config = config;
  }

  static async gather(): Promise<Crowd> {
    const scene = await openScene({ startAuthKit: AuthKitProcess.start });
    return new Crowd(scene.authkit as AuthKitProcess, scene, await discover(scene));
  }

  /** Gives what was wrong with each login that failed. */
  async oneByOne(logins: number): Promise<string[]> {
    const failures: string[] = [];
    for (let i = 0; i < logins; i++) await this.#logIn().catch((error) => failures.push(String(error)));
    return failures;
  }

  async atOnce(logins: number): Promise<string[]> {
    const settled = await Promise.allSettled(Array.from({ length: logins }, () => this.#logIn()));
    return settled.flatMap((login) => (login.status === "rejected" ? [String(login.reason)] : []));
  }

  /** The whole way: authorize, Login URI, sign in, completion, consent, code, tokens, the API, new tokens, the API. */
  async #logIn(): Promise<void> {
    const person = new Person(`person-${this.#logins++ % PEOPLE}@example.com`);
    const workspace = this.#logins % 2 === 0 ? "north" : "south";
    const login = await begin(this.#config, this.#scene);
    const tokens = await login.redeem((await person.authorize(login.url, workspace)).url);
    if (tokens.claims()?.email !== person.email) throw new Error("The ID token is of somebody else.");
    const renewed = await oauth.refreshTokenGrant(this.#config, String(tokens.refresh_token));
    for (const { access_token: token } of [tokens, renewed]) {
      const me = await callApi(this.#scene, token);
      if (me.workspace !== workspace) throw new Error("The token tells another choice.");
    }
  }

  close(): Promise<void> {
    return this.#scene.close();
  }
}
