import { site } from "../../connect";
import { send } from "../../send";

export const POST = (request: Request) => send(site.signOut(request.headers));
