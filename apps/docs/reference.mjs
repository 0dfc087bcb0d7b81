// The reference, from the types that the packages publish: one page for each thing that is imported, such as
// `@connect/core/web`. Run before the site is built.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Application } from "typedoc";

const packages = join(import.meta.dirname, "../../packages");

/** Names of what is imported, by the files of their types. */
const names = new Map();
for (const folder of readdirSync(packages)) {
  const manifest = JSON.parse(readFileSync(join(packages, folder, "package.json"), "utf8"));
  for (const [path, target] of Object.entries(manifest.private ? {} : (manifest.exports ?? {}))) {
    if (target.types) names.set(join(packages, folder, target.types), manifest.name + path.slice(1));
  }
}

const app = await Application.bootstrapWithPlugins({
  plugin: ["typedoc-plugin-markdown"],
  entryPoints: [...names.keys()],
  tsconfig: join(import.meta.dirname, "tsconfig.reference.json"),
  logLevel: "Warn",
  readme: "none",
  disableSources: true,
  excludeExternals: true,
  excludePrivate: true,
  githubPages: false,
});
for (const [option, value] of Object.entries({
  outputs: [{ name: "markdown", path: join(import.meta.dirname, "api") }],
  router: "module",
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useHTMLEncodedBrackets: true,
  sanitizeComments: true,
  entryFileName: "index",
  groupOrder: ["Functions", "Classes", "*"],
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  typeDeclarationFormat: "table",
  pageTitleTemplates: { module: "{name}", index: "Reference" },
})) {
  app.options.setValue(option, value); // the plugin's own options are known only now
}
const project = await app.convert();
if (project === undefined) throw new Error("TypeDoc read nothing.");
for (const module of project.children ?? []) {
  // What only adds to another library's types.
  if (!module.children?.length) project.removeReflection(module);
  module.name = names.get(project.getSymbolIdFromReflection(module)?.fileName) ?? module.name;
}
await app.generateOutputs(project);
