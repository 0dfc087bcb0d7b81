import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type AtomicStore,
  type Completion,
  createLogin,
  type Login,
  type LoginConfig,
  memoryStore,
} from "../src/index.js";
import { createSeal } from "../src/login/seal.js";
import { ADA, API_KEY, AUTHKIT_URL, REDIRECT_URI } from "./support/authkit.js";
import { caught, everythingSaidBy } from "./support/errors.js";
import { request } from "./support/requests.js";
import { holdTime, skipPauses } from "./support/time.js";

const START = 1_800_000_000_000;
const GRACE: Completion = { user: { id: "user_2", email: "grace@example.com" } };
const LOGIN_URI = "/auth/login?external_auth_id=a";
const ALREADY = { code: "external_auth_session_already_completed" };
const UNKNOWN = { code: "completion_outcome_unknown" };

beforeEach(() => {
  vi.setSystemTime(START);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** AuthKit, which completes an id once; each request can be held until it is let go. */
function createService() {
  const completed = new Set<string>();
  const asked: string[] = [];
  let held: Promise<void> | undefined;
  let isAsked: () => void = () => {};

  const fetch = async (_url: string, init?: RequestInit): Promise<Response> => {
    const id = String(JSON.parse(String(init?.body)).external_auth_id);
    asked.push(id);
    const hold = held;
    const isFirst = !completed.has(id);
    completed.add(id);
    isAsked();
    await hold;
    return isFirst ? Response.json({ redirect_uri: REDIRECT_URI }) : Response.json(ALREADY, { status: 400 });
  };

  return {
    asked,
    completed,
    fetch,
    /** From now on requests are carried out, and not answered before the returned function is called. */
    hold(): () => void {
      let letGo: () => void = () => {};
      held = new Promise((resolve) => {
        letGo = () => {
          held = undefined;
          resolve();
        };
      });
      return letGo;
    },
    /** Comes when the next request is there. */
    next: () =>
      new Promise<void>((resolve) => {
        isAsked = resolve;
      }),
  };
}

type Service = ReturnType<typeof createService>;

const createProcess = ({ fetch }: Pick<Service, "fetch">, config: Partial<LoginConfig> = {}): Login =>
  createLogin({ apiKey: API_KEY, authkitUrl: AUTHKIT_URL, fetch, ...config });

/** The two ways to complete a login, with one result for both. */
const WAYS: ReadonlyArray<[name: string, complete: (login: Login, who?: Completion) => Promise<unknown>]> = [
  ["complete", (login, who = ADA) => login.complete("a", who)],
  [
    "the Login URI",
    async (login, who = ADA) => {
      const outcome = await login.handle(request(LOGIN_URI), () => who, { signInUrl: "/sign-in" });
      if (outcome.type === "failure") throw outcome.error;
      return outcome.type === "redirect" && outcome.to === "authkit" ? outcome.location : outcome;
    },
  ],
];

/** One process, or two that share a store. The second asks after the first. */
const HOUSES: ReadonlyArray<[what: string, build: (service: Service) => readonly [Login, Login]]> = [
  [
    "one process",
    (service) => {
      const login = createProcess(service);
      return [login, login];
    },
  ],
  [
    "one process with a store",
    (service) => {
      const login = createProcess(service, { store: memoryStore() });
      return [login, login];
    },
  ],
  [
    "two processes",
    (service) => {
      const store = memoryStore();
      return [createProcess(service, { store }), createProcess(service, { store })];
    },
  ],
];

const EVERYWHERE = HOUSES.flatMap(([house, build]) =>
  WAYS.map(([way, ask]) => [house, way, build, ask] as const),
);

describe.each(EVERYWHERE)("a login asked for twice, in %s through %s", (_, __, build, ask) => {
  it("at once is completed once, and both get its location", async () => {
    const service = createService();
    const [one, other] = build(service);
    expect(await Promise.all([ask(one), ask(other)])).toEqual([REDIRECT_URI, REDIRECT_URI]);
    expect(service.asked).toEqual(["a"]);
  });

  it("while it is under way waits for the same answer", async () => {
    const service = createService();
    const [one, other] = build(service);
    const letGo = service.hold();
    const isAsked = service.next();
    const first = ask(one);
    await isAsked;
    const second = ask(other);
    letGo();
    expect(await Promise.all([first, second])).toEqual([REDIRECT_URI, REDIRECT_URI]);
    expect(service.asked).toEqual(["a"]);
  });

  it("within ten seconds gets the same, and after that it is AuthKit's to answer", async () => {
    const service = createService();
    const [one, other] = build(service);
    expect(await ask(one)).toBe(REDIRECT_URI);
    vi.setSystemTime(START + 9_999);
    expect(await ask(other)).toBe(REDIRECT_URI);
    expect(service.asked).toEqual(["a"]);
    vi.setSystemTime(START + 10_000);
    expect(await caught(() => ask(other))).toMatchObject(ALREADY);
    expect(service.asked).toEqual(["a", "a"]);
  });

  it("by another user is refused, while it is under way and afterwards", async () => {
    const service = createService();
    const [one, other] = build(service);
    const letGo = service.hold();
    const isAsked = service.next();
    const first = ask(one);
    await isAsked;
    expect(await caught(() => ask(other, GRACE))).toMatchObject(ALREADY);
    letGo();
    await first;
    expect(await caught(() => ask(other, GRACE))).toMatchObject(ALREADY);
    expect(service.asked).toEqual(["a"]);
  });

  it("can be tried again as soon as it failed, by anybody", async () => {
    const service = createService();
    const answers = [422, 404, 401];
    const failing: Service["fetch"] = async (url, init) => {
      const status = answers.shift();
      return status === undefined ? service.fetch(url, init) : Response.json({}, { status });
    };
    const [one, other] = build({ ...service, fetch: failing });
    expect(await caught(() => ask(one))).toMatchObject({ code: "invalid_user" });
    expect(await caught(() => ask(other))).toMatchObject({ code: "external_auth_id_not_found" });
    expect(await caught(() => ask(one))).toMatchObject({ code: "unauthorized_api_key" });
    expect(await ask(other, GRACE)).toBe(REDIRECT_URI);
    expect(await caught(() => ask(one))).toMatchObject(ALREADY);
    expect(service.asked).toEqual(["a"]);
  });

  it("is tried again by the one who waited, where the first failed", async () => {
    const service = createService();
    let fails = true;
    const letGo = service.hold();
    const isAsked = service.next();
    const failing: Service["fetch"] = async (url, init) => {
      if (!fails) return service.fetch(url, init);
      fails = false;
      await service.fetch(url, init);
      service.completed.clear();
      return Response.json({}, { status: 422 });
    };
    const [one, other] = build({ ...service, fetch: failing });
    const first = caught(() => ask(one));
    await isAsked;
    const second = ask(other);
    letGo();
    expect(await first).toMatchObject({ code: "invalid_user" });
    // In one process both have one call, and its end.
    if (one === other) await expect(second).rejects.toMatchObject({ code: "invalid_user" });
    else expect(await second).toBe(REDIRECT_URI);
  });
});

describe.each(HOUSES)("many requests at once, in %s", (_, build) => {
  it("complete the login once, and all get its location", async () => {
    skipPauses(50);
    const service = createService();
    const logins = build(service);
    const many = Array.from({ length: 50 }, (_, index) => logins[index % 2]?.complete("a", ADA));
    expect(new Set(await Promise.all(many))).toEqual(new Set([REDIRECT_URI]));
    expect(service.asked).toEqual(["a"]);
  });

  it("for different logins don't meet", async () => {
    const service = createService();
    const logins = build(service);
    const many = Array.from({ length: 20 }, (_, index) =>
      logins[index % 2]?.complete(`login_${index}`, index % 3 === 0 ? GRACE : ADA),
    );
    expect(new Set(await Promise.all(many))).toEqual(new Set([REDIRECT_URI]));
    expect(new Set(service.asked).size).toBe(20);
  });
});

describe("a process that ends while it completes a login", () => {
  const LEASE = 10_000;

  /** A first process that asked AuthKit and never came back, and a second one. */
  async function die(config: Partial<LoginConfig> = {}) {
    holdTime();
    const service = createService();
    const store = memoryStore();
    service.hold();
    const isAsked = service.next();
    void createProcess(service, { store, ...config }).complete("a", ADA);
    await isAsked;
    return { service, store, second: createProcess({ fetch: service.fetch }, { store }) };
  }

  it("is waited for as long as it may be at it, and then followed", async () => {
    const { service, second } = await die();
    vi.setSystemTime(START + LEASE - 1);
    const looks = skipPauses(50);
    const waiting = caught(() => second.complete("a", ADA));
    await expect.poll(() => looks.length).toBeGreaterThan(3);
    expect(service.asked).toEqual(["a"]);
    service.hold()();
    vi.setSystemTime(START + LEASE);
    // AuthKit had acted, and what it says now is no news of another login.
    expect(await waiting).toMatchObject(UNKNOWN);
    expect(service.asked).toEqual(["a", "a"]);
  });

  it("is followed at once where its time is over, and AuthKit had not acted", async () => {
    const { service, second } = await die();
    service.hold()();
    service.completed.clear();
    vi.setSystemTime(START + LEASE);
    expect(await second.complete("a", ADA)).toBe(REDIRECT_URI);
  });

  it("keeps the login as long as its own time for a call, and two seconds", async () => {
    const { service, second } = await die({ timeout: 20_500 });
    vi.setSystemTime(START + 22_999);
    expect(await caught(() => second.complete("a", GRACE))).toMatchObject(ALREADY);
    service.hold()();
    service.completed.clear();
    vi.setSystemTime(START + 23_000);
    expect(await second.complete("a", GRACE)).toBe(REDIRECT_URI);
  });

  it("leaves it uncertain for a quarter of an hour, also for another user", async () => {
    const { service, second } = await die();
    service.hold()();
    vi.setSystemTime(START + 899_999);
    expect(await caught(() => second.complete("a", GRACE))).toMatchObject(UNKNOWN);
  });

  it("holds nobody up for ever, where the store forgets nothing", async () => {
    holdTime();
    const service = createService();
    const store = memoryStore(() => START);
    service.hold();
    const isAsked = service.next();
    void createProcess(service, { store }).complete("a", ADA);
    await isAsked;
    const looks = skipPauses(50);
    service.hold()();
    service.completed.clear();
    expect(await createProcess(service, { store }).complete("a", ADA)).toBe(REDIRECT_URI);
    // Eleven seconds in all.
    expect(looks).toHaveLength(220);
  });
});

describe.each(HOUSES.slice(0, 2))(
  "a request that the runtime dropped while AuthKit was asked, in %s",
  (_, build) => {
    /** The runtime took its timers with it: nothing of it ever comes to an end. */
    async function drop(completed: readonly string[] = []) {
      holdTime();
      const service = createService();
      for (const id of completed) service.completed.add(id);
      const [login] = build(service);
      const now = vi.spyOn(performance, "now").mockReturnValue(0);
      const letGo = service.hold();
      const isAsked = service.next();
      const dropped = login.complete("a", ADA);
      await isAsked;
      const comeBack = () => {
        letGo();
        return dropped;
      };
      return { service, login, now, comeBack };
    }

    /** The lease of the login is over when it is given up: what was kept of it counts no more. */
    const LIMIT = 11_000;

    it("is waited for as long as it may be at it", async () => {
      const { service, login, now } = await drop();
      now.mockReturnValue(LIMIT - 1);
      vi.setSystemTime(START + LIMIT - 1);
      expect(await caught(() => login.complete("a", GRACE))).toMatchObject(ALREADY);
      expect(service.asked).toEqual(["a"]);
    });

    it.each(WAYS)("is given up then, and whoever comes through %s takes over", async (_, ask) => {
      const { service, login, now } = await drop();
      service.completed.clear();
      service.hold()();
      now.mockReturnValue(LIMIT);
      vi.setSystemTime(START + LIMIT);
      expect(await Promise.all([ask(login), ask(login)])).toEqual([REDIRECT_URI, REDIRECT_URI]);
      expect(service.asked).toEqual(["a", "a"]);
    });

    it("is given up by those who wait already, and one of them takes over", async () => {
      const { service, login } = await drop();
      service.completed.clear();
      service.hold()();
      const pauses = skipPauses(50, LIMIT);
      vi.setSystemTime(START + LIMIT);
      const waiting = [login.complete("a", ADA), login.complete("a", ADA)];
      expect(await Promise.all(waiting)).toEqual([REDIRECT_URI, REDIRECT_URI]);
      expect(pauses).toContain(LIMIT);
      expect(service.asked).toEqual(["a", "a"]);
    });

    it("leaves an outcome that nobody knows, where AuthKit had acted: for another user, too", async () => {
      const { service, login, now } = await drop();
      service.hold()();
      now.mockReturnValue(LIMIT);
      vi.setSystemTime(START + LIMIT);
      expect(await caught(() => login.complete("a", ADA))).toMatchObject(UNKNOWN);
      expect(await caught(() => login.complete("a", GRACE))).toMatchObject(UNKNOWN);
    });

    it("does not end what came after it, should it come back", async () => {
      const { service, login, now, comeBack } = await drop(["a"]);
      service.completed.clear();
      const letGo = service.hold();
      now.mockReturnValue(LIMIT);
      vi.setSystemTime(START + LIMIT);
      const isAsked = service.next();
      const second = login.complete("a", ADA);
      await isAsked;
      expect(await caught(comeBack)).toMatchObject(ALREADY);
      expect(await caught(() => login.complete("a", GRACE))).toMatchObject(ALREADY);
      letGo();
      expect(await second).toBe(REDIRECT_URI);
      expect(service.asked).toEqual(["a", "a"]);
    });
  },
);

/** A store, and all that was put there. */
function watchStore() {
  const writes: Array<[key: string, value: string, ttl: number]> = [];
  const inner = memoryStore();
  const watch =
    <Result>(write: (key: string, value: string, ttl: number) => Result) =>
    (key: string, value: string, ttl: number): Result => {
      writes.push([key, value, ttl]);
      return write(key, value, ttl);
    };
  return { writes, store: { ...inner, set: watch(inner.set), setIfAbsent: watch(inner.setIfAbsent) } };
}

describe("what is in the store", () => {
  it("tells no id, no user and no redirect_uri, at any time", async () => {
    const { writes, store } = watchStore();
    const login = createProcess(createService(), { store });
    const options = { signInUrl: "/sign-in", confirm: true } as const;
    const url = "https://app.example.com/auth/login?external_auth_id=ext_auth_1";
    const outcome = await login.handle(request(url), () => ADA, options);
    if (outcome.type !== "confirmation") throw new Error("not asked");
    const headers = new Headers({
      "content-type": "application/x-www-form-urlencoded",
      "sec-fetch-site": "same-origin",
    });
    const body = new URLSearchParams({ answer: "continue", proof: outcome.form.proof }).toString();
    await login.handle({ method: "POST", url, headers, body }, () => ADA, options);
    const text = everythingSaidBy(writes);
    expect(writes).toHaveLength(4);
    for (const secret of [
      "ext_auth_1",
      "user_1",
      "ada@example.com",
      "auth.example.com",
      "state=s1",
      API_KEY,
    ]) {
      expect(text).not.toContain(secret);
    }
    for (const [name] of writes) {
      expect(name).toMatch(/^connect:(login:[0-9a-f]{64}(:uncertain)?|used:[0-9a-f]{64})$/);
    }
  });

  it("is gone within a quarter of an hour, by itself", async () => {
    const { writes, store } = watchStore();
    await createProcess(createService(), { store }).complete("a", ADA);
    expect(writes.map(([, , ttl]) => ttl)).toEqual([10, 900, 10]);
  });

  it("counts for nothing where another process can't have made it, or made it of another login", async () => {
    const service = createService();
    const { writes, store } = watchStore();
    await createProcess(service, { store }).complete("a", ADA);
    const [, locationOfA = ""] = writes.at(-1) ?? [];
    for (const value of ["", "x", `${locationOfA}x`, locationOfA, "x".repeat(10_000)]) {
      const other = createProcess(service, {
        store: { ...store, get: () => value, setIfAbsent: () => false },
      });
      expect(await other.complete(`b${value.length}`, ADA)).toBe(REDIRECT_URI);
    }
    expect(service.asked).toHaveLength(6);
  });

  it.each([
    ["memo", "https://auth.example.com/kept", 0],
    ["confirmation", REDIRECT_URI, 1],
  ])(
    "counts where it was sealed for that, whatever else the API key seals: %s",
    async (purpose, location, asked) => {
      const service = createService();
      const names: string[] = [];
      const store: AtomicStore = {
        ...memoryStore(),
        setIfAbsent: () => false,
        async get(name) {
          names.push(name);
          const content = { name, userId: "user_1", location: "https://auth.example.com/kept" };
          return createSeal([API_KEY], purpose).close(content, 60);
        },
      };
      expect(await createProcess(service, { store }).complete("a", ADA)).toBe(location);
      expect(names[0]).toMatch(/^connect:login:/);
      expect(service.asked).toHaveLength(asked);
    },
  );

  it("may be left by processes with another API key: they don't stop each other", async () => {
    const service = createService();
    const store = memoryStore();
    const letGo = service.hold();
    const isAsked = service.next();
    const first = createProcess(service, { store, apiKey: "sk_old" }).complete("a", ADA);
    await isAsked;
    service.completed.clear();
    const second = createProcess(service, { store, apiKey: "sk_new" }).complete("a", ADA);
    letGo();
    expect(await Promise.all([first, second])).toEqual([REDIRECT_URI, REDIRECT_URI]);
  });

  it("may be sealed by a process whose clock is off by most of a minute", async () => {
    const service = createService();
    const store = memoryStore(() => START);
    vi.setSystemTime(START - 59_000);
    await createProcess(service, { store }).complete("a", ADA);
    vi.setSystemTime(START);
    expect(await createProcess(service, { store }).complete("a", ADA)).toBe(REDIRECT_URI);
    expect(service.asked).toEqual(["a"]);
  });
});

describe("a store that can't be relied on", () => {
  const broken = (step: () => never | Promise<never>): AtomicStore => ({
    get: step,
    set: step,
    setIfAbsent: step,
    delete: step,
  });
  const STORES: ReadonlyArray<[what: string, store: AtomicStore]> = [
    [
      "throws",
      broken(() => {
        throw new Error("redis down");
      }),
    ],
    ["rejects", broken(() => Promise.reject(new Error("redis down")))],
    ["never answers", broken(() => new Promise(() => {}))],
    [
      "takes everything for taken, and has nothing",
      { ...memoryStore(), get: () => undefined, setIfAbsent: () => false },
    ],
    ["takes nothing for taken", { ...memoryStore(), get: () => undefined, setIfAbsent: () => true }],
    ["gives rubbish", { ...memoryStore(), get: () => "rubbish", setIfAbsent: () => false }],
    [
      "gives null for nothing",
      { ...memoryStore(), get: () => null as unknown as undefined, setIfAbsent: () => false },
    ],
  ];

  it.each(STORES)(
    "stops no login, and no double click in the same process: one that %s",
    async (what, store) => {
      if (what === "never answers") skipPauses(1_000);
      const service = createService();
      const login = createProcess(service, { store });
      expect(await Promise.all([login.complete("a", ADA), login.complete("a", ADA)])).toEqual([
        REDIRECT_URI,
        REDIRECT_URI,
      ]);
      expect(service.asked).toEqual(["a"]);
      expect(await caught(() => login.complete("a", GRACE))).toMatchObject(ALREADY);
      if (what !== "takes nothing for taken") expect(await login.complete("a", ADA)).toBe(REDIRECT_URI);
    },
  );

  it("costs a login a second at most: it is not asked again where it did not answer", async () => {
    const pauses = skipPauses(1_000);
    const get = vi.fn(() => new Promise<never>(() => {}));
    const store = { ...broken(() => new Promise(() => {})), get };
    await createProcess(createService(), { store }).complete("a", ADA);
    expect(pauses).toEqual([1_000]);
    expect(get).not.toHaveBeenCalled();
  });

  it("leaves no timer behind, whether it answers or not", async () => {
    const set = vi.spyOn(globalThis, "setTimeout");
    const clear = vi.spyOn(globalThis, "clearTimeout");
    for (const store of [memoryStore(), broken(() => Promise.reject(new Error("redis down")))]) {
      await createProcess(createService(), { store }).complete("a", ADA);
    }
    const timers = set.mock.calls.flatMap(([, length], call) =>
      length === 1_000 ? [set.mock.results[call]?.value] : [],
    );
    expect(timers).toHaveLength(6);
    expect(clear.mock.calls.map(([timer]) => timer)).toEqual(expect.arrayContaining(timers));
  });

  it("is tried again with the next login", async () => {
    const service = createService();
    const inner = memoryStore();
    let isDown = true;
    const store: AtomicStore = {
      ...inner,
      setIfAbsent: (...entry) => {
        if (isDown) throw new Error("redis down");
        return inner.setIfAbsent(...entry);
      },
    };
    const [one, other] = [createProcess(service, { store }), createProcess(service, { store })];
    await one.complete("a", ADA);
    isDown = false;
    await one.complete("b", ADA);
    expect(await other.complete("b", ADA)).toBe(REDIRECT_URI);
    expect(service.asked).toEqual(["a", "b"]);
  });

  it("may fail in the middle of a login and come back: what this process knows still counts", async () => {
    const service = createService();
    const inner = memoryStore();
    let isDown = false;
    const whileUp =
      <Args extends unknown[], Result>(step: (...args: Args) => Result) =>
      (...args: Args): Result => {
        if (isDown) throw new Error("redis down");
        return step(...args);
      };
    const store: AtomicStore = {
      get: whileUp(inner.get),
      set: whileUp(inner.set),
      setIfAbsent: whileUp(inner.setIfAbsent),
      delete: whileUp(inner.delete),
    };
    const login = createProcess(
      {
        fetch: (url, init) => {
          isDown = true;
          return service.fetch(url, init);
        },
      },
      { store },
    );
    await login.complete("a", ADA);
    isDown = false;
    const looks = skipPauses(50);
    expect(await login.complete("a", ADA)).toBe(REDIRECT_URI);
    expect(await caught(() => login.complete("a", GRACE))).toMatchObject(ALREADY);
    expect(looks).toEqual([]);
    expect(service.asked).toEqual(["a"]);
  });

  it.each<[answer: unknown, isKept: boolean]>([
    [true, true],
    ["OK", true],
    [1, true],
    [false, false],
    [null, false],
    [0, false],
  ])("may say %j for whether a value was kept", async (answer, isKept) => {
    const get = vi.fn(() => undefined);
    const store = { ...memoryStore(), get, setIfAbsent: () => answer as boolean };
    await createProcess(createService(), { store }).complete("a", ADA);
    // One look for what is uncertain; three more for what another made of it.
    expect(get).toHaveBeenCalledTimes(isKept ? 1 : 3);
  });
});
