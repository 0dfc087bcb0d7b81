/** Where `init` puts the Login URI, `dev` sends browsers and `doctor` looks, where nobody says otherwise. */
export const LOGIN_PATH = "/auth/login";
