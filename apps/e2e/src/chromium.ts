import { type Browser, chromium } from "playwright-core";

/** Where Chromium is; undefined where there is none, and the browser's tests are skipped. */
export const executablePath = process.env.CHROMIUM_PATH;

/** Starts Chromium, headless, so that it asks nothing of the network by itself. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: String(executablePath),
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}
