import type { SessionOptions } from "iron-session";

export interface SessionData {
  userId?: string;
}

export const sessionOptions: SessionOptions = {
  cookieName: "session",
  password: "a password of thirty-two characters",
};
