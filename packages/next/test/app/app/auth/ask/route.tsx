import { loginRoute } from "@connect/next";
import { ConfirmForm } from "@connect/next/confirm-form";
import { application, route } from "../../../application";

const ask = loginRoute(application.login, {
  ...application.loginOptions,
  ...application.confirmOptions,
  ...route,
  confirm: async (user, confirmation) => {
    // Next refuses this import at the top of a file.
    const { renderToStaticMarkup } = await import("react-dom/server");
    return `<!doctype html>${renderToStaticMarkup(
      <html lang="en">
        <title>Go on?</title>
        <ConfirmForm confirmation={confirmation} className="card" continueButton={{ children: "Go on" }}>
          <p>You are {user.email}.</p>
        </ConfirmForm>
      </html>,
    )}`;
  },
});

export { ask as GET, ask as POST };
