import ts from "typescript";

/** An export, and what it is: `function createLogin`. A class has both a value and a type, as one word. */
export interface ExportedName {
  readonly name: string;
  readonly kinds: readonly string[];
  /** Whether it is there at run time. */
  readonly isValue: boolean;
}

const KINDS: readonly (readonly [flag: ts.SymbolFlags, kind: string])[] = [
  [ts.SymbolFlags.Class, "class"],
  [ts.SymbolFlags.Function, "function"],
  [ts.SymbolFlags.Variable, "const"],
  [ts.SymbolFlags.Enum, "enum"],
  [ts.SymbolFlags.Namespace, "namespace"],
  [ts.SymbolFlags.Interface, "interface"],
  [ts.SymbolFlags.TypeAlias, "type"],
];

/** What each of these declaration files exports, sorted by name. */
export function readExportedNames(files: readonly string[]): ReadonlyMap<string, readonly ExportedName[]> {
  const program = ts.createProgram({
    rootNames: files,
    options: {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      skipLibCheck: true,
      types: [],
    },
  });
  const checker = program.getTypeChecker();
  const read = (file: string) => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    // A file that only adds to others' types, such as a matcher's, exports nothing.
    const symbols = module === undefined ? [] : checker.getExportsOfModule(module);
    return symbols.map((symbol) => toExportedName(symbol, checker)).sort(byName);
  };
  return new Map(files.map((file) => [file, read(file)]));
}

function toExportedName(symbol: ts.Symbol, checker: ts.TypeChecker): ExportedName {
  const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  // `export type { Browser }` gives a class's type away, and not the class.
  const isType = symbol.declarations?.some((node) => ts.isExportSpecifier(node) && isTypeOnly(node)) ?? false;
  const kinds = KINDS.filter(([flag]) => meant.flags & flag).map(([, kind]) => kind);
  return {
    name: symbol.name,
    kinds: isType ? kinds.map((kind) => (kind === "class" ? "type" : kind)) : kinds,
    isValue: !isType && (meant.flags & ts.SymbolFlags.Value) !== 0,
  };
}

function isTypeOnly({ isTypeOnly, parent }: ts.ExportSpecifier): boolean {
  return isTypeOnly || parent.parent.isTypeOnly;
}

function byName(one: ExportedName, other: ExportedName): number {
  return one.name < other.name ? -1 : 1;
}
