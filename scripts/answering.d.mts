export function untilAnswering(url: string, signal: AbortSignal): Promise<void>;
