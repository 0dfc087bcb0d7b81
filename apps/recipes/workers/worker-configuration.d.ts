declare namespace Cloudflare {
  /** What `wrangler types` writes: the variables and secrets of this Worker. */
  interface Env {
    readonly WORKOS_API_KEY: string;
    /** Only for the local AuthKit. */
    readonly WORKOS_API_URL?: string;
    readonly AUTHKIT_URL: string;
    readonly APP_URL: string;
  }
}
