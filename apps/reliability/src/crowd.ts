/** Does so many things, some of them at the same time. */
export async function crowd(
  count: number,
  atOnce: number,
  act: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const workers = Array.from({ length: Math.min(atOnce, count) }, async () => {
    while (next < count) await act(next++);
  });
  await Promise.all(workers);
}

/** What a person, or a fault, takes its time for. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
