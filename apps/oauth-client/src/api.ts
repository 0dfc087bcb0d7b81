const TIMEOUT_MS = 10_000;
const MOST_CHARACTERS = 20_000;

/** What the API said, as far as a page shows it. */
export interface ApiAnswer {
  /** Such as `200 OK`, or why there was no answer. */
  status: string;
  ok: boolean;
  /** The `WWW-Authenticate` challenge of a refusal (RFC 6750). */
  challenge: string | null;
  /** JSON is laid out for reading; anything else is as it came. */
  body: string;
}

/** Calls the API with the access token. Never rejects: no answer is an answer too. */
export async function callApi(apiUrl: string, accessToken: string): Promise<ApiAnswer> {
  try {
    const response = await fetch(apiUrl, {
      headers: { accept: "application/json", authorization: `Bearer ${accessToken}` },
      // The token is for this address, not for one that it points to.
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return {
      status: `${response.status} ${response.statusText}`.trim(),
      ok: response.ok,
      challenge: response.headers.get("www-authenticate"),
      body: layOut(await response.text()).slice(0, MOST_CHARACTERS),
    };
  } catch {
    return { status: "The API can't be reached", ok: false, challenge: null, body: "" };
  }
}

function layOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
