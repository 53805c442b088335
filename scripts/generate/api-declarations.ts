import ts from 'typescript';

const printer = ts.createPrinter({ removeComments: true });

export interface ApiDeclarations {
  /** What the entry exports, by name. */
  readonly exported: readonly string[];
  /** Types of the same package that these mention without being exported. */
  readonly named: readonly string[];
}

export function declarationsOf(program: ts.Program, entry: string): ApiDeclarations {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(entry);
  const entrySymbol = file && checker.getSymbolAtLocation(file);
  if (file === undefined || entrySymbol === undefined) throw new Error(`${entry} exports nothing`);
  const dist = entry.slice(0, entry.lastIndexOf('/dist/') + '/dist/'.length);

  const resolved = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const own = (symbol: ts.Symbol): readonly ts.Declaration[] =>
    (symbol.declarations ?? []).filter((declaration) =>
      declaration.getSourceFile().fileName.startsWith(dist),
    );

  const exported = checker
    .getExportsOfModule(entrySymbol)
    .map((symbol) => ({ name: symbol.name, symbol: resolved(symbol) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const seen = new Set(exported.map(({ symbol }) => symbol));
  const named: { name: string; symbol: ts.Symbol }[] = [];

  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const found = checker.getSymbolAtLocation(node);
      const symbol = found && resolved(found);
      if (symbol && !seen.has(symbol) && own(symbol).some(isTopLevel)) {
        seen.add(symbol);
        named.push({ name: symbol.name, symbol });
        for (const declaration of own(symbol)) visit(declaration);
      }
    }
    ts.forEachChild(node, visit);
  };
  for (const { symbol } of exported) for (const declaration of own(symbol)) visit(declaration);

  const texts = (list: readonly { name: string; symbol: ts.Symbol }[]): string[] =>
    list.flatMap(({ name, symbol }) => {
      const declarations = symbol.declarations ?? [];
      return own(symbol).length > 0
        ? own(symbol).map(textOf)
        : [`export { ${name} } from '${declarations[0] ? packageOf(declarations[0]) : '?'}';`];
    });
  return { exported: texts(exported), named: texts(named.sort((a, b) => (a.name < b.name ? -1 : 1))) };
}

/** Declared in a file itself, not inside another declaration. */
function isTopLevel(declaration: ts.Declaration): boolean {
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return ts.isSourceFile(statement.parent);
}

function textOf(declaration: ts.Declaration): string {
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return printer
    .printNode(ts.EmitHint.Unspecified, node, declaration.getSourceFile())
    .replace(/^export (?!default)/, '')
    .replace(/^declare /, '');
}

const packageOf = (declaration: ts.Declaration): string => {
  const { fileName } = declaration.getSourceFile();
  return /(?:node_modules|packages)\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(fileName)?.[1] ?? fileName;
};
