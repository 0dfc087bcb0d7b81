import { resourceRoute } from "@connect/next/pages";
import { application } from "../../../../application";

export default resourceRoute(application.resource);
