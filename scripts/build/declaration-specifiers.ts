import ts from 'typescript';

/** TypeScript rewrites `./a.ts` to `./a.js` in JavaScript only; in declarations this does. */
export const declarationSpecifiers: ts.TransformerFactory<ts.SourceFile | ts.Bundle> = (context) => {
  const { factory } = context;
  const rewritten = (specifier: ts.Expression | undefined): ts.StringLiteral | undefined =>
    specifier && ts.isStringLiteral(specifier) && /^\.{1,2}\/.*\.ts$/.test(specifier.text)
      ? factory.createStringLiteral(specifier.text.replace(/\.ts$/, '.js'), true)
      : undefined;

  const visit = (node: ts.Node): ts.Node => {
    if (ts.isImportDeclaration(node)) {
      const { modifiers, importClause, moduleSpecifier, attributes } = node;
      const to = rewritten(moduleSpecifier) ?? moduleSpecifier;
      return factory.updateImportDeclaration(node, modifiers, importClause, to, attributes);
    }
    if (ts.isExportDeclaration(node)) {
      const { modifiers, isTypeOnly, exportClause, moduleSpecifier, attributes } = node;
      const to = rewritten(moduleSpecifier) ?? moduleSpecifier;
      return factory.updateExportDeclaration(node, modifiers, isTypeOnly, exportClause, to, attributes);
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const { argument, attributes, qualifier, typeArguments, isTypeOf } = node;
      const to = ts.isStringLiteral(argument.literal) ? rewritten(argument.literal) : undefined;
      const again = to ? factory.updateLiteralTypeNode(argument, to) : argument;
      return factory.updateImportTypeNode(node, again, attributes, qualifier, typeArguments, isTypeOf);
    }
    return ts.visitEachChild(node, visit, context);
  };
  return (file) => ts.visitNode(file, visit) as ts.SourceFile;
};
