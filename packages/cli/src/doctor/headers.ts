/** Whether a Cache-Control keeps an answer out of all caches. */
export function isUncached(cacheControl: string | null | undefined): boolean {
  return listOf(cacheControl).includes("no-store");
}

/** Whether a Referrer-Policy passes an address on to nobody. Of several the last one holds, as a proxy may add it. */
export function isUnreferred(referrerPolicy: string | null | undefined): boolean {
  return listOf(referrerPolicy).at(-1) === "no-referrer";
}

function listOf(header: string | null | undefined): string[] {
  return (header ?? "").split(",").map((one) => one.trim().toLowerCase());
}
