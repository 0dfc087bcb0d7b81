import { createTestVerifier, isGoodForJose, signText } from "../issuer.js";
import { expect, type Target } from "../target.js";
import { verdictOf } from "../verdict.js";

const verifier = createTestVerifier({ cacheSize: 0 });

/**
 * A token as it comes, in any spelling. One that ends with ".!" has the issuer's signature there, over what stands
 * before it however that is spelt: nothing but the form can be wrong with it.
 */
export const token: Target = {
  name: "token",
  words: [".", "..", ".!", "=", "==", "-", "_", "eyJhbGciOiJFZERTQSJ9", "eyJ", "fQ", "e30", "\ufeff"],
  async run(input) {
    const written = input.toString("utf8");
    const text = written.endsWith(".!") ? signText(written.slice(0, -2)) : written;
    const { verdict, given } = await verdictOf(() => verifier.verify(text));
    if (given !== undefined) {
      expect(await isGoodForJose(text), "a token that jose refuses was let in");
      const spelling = text.split(".").map((part) => Buffer.from(part, "base64url").toString("base64url"));
      expect(spelling.join(".") === text, "a token was let in in another spelling");
    }
    return verdict;
  },
};
