/** Next calls it when the server starts, and builds it for its Edge runtime, too, which has nothing of Node's. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { readEnvironment, resourceIndicators } = await import("example-product");
  console.log(resourceIndicators(readEnvironment()));
}
