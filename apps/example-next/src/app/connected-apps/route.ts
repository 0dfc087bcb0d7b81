import { site } from "../../connect";
import { send } from "../../send";

export const GET = async (request: Request) => send(await site.connectedApps(request.headers));

export const POST = async (request: Request) =>
  send(await site.disconnect(request.headers, Object.fromEntries(await request.formData())));
