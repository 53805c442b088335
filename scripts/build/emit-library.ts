import { join, relative } from 'node:path';
import ts from 'typescript';
import { declarationSpecifiers } from './declaration-specifiers.ts';

const formatHost: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: ts.sys.getCurrentDirectory,
  getNewLine: () => '\n',
};

/** Writes dist/ of the package in `folder` with TypeScript alone. Returns what is wrong, or an empty string. */
export function emitLibrary(folder: string): string {
  const source = join(folder, 'src');
  const config = ts.getParsedCommandLineOfConfigFile(
    join(folder, 'tsconfig.json'),
    {
      noEmit: false,
      // Other packages by their dist, which the tarball's reader has too.
      customConditions: [],
      rewriteRelativeImportExtensions: true,
      declaration: true,
      declarationMap: true,
      sourceMap: true,
      rootDir: source,
      outDir: join(folder, 'dist'),
    },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  );
  if (config === undefined) return `${folder}/tsconfig.json cannot be read`;
  const files = config.fileNames.filter((file) => !relative(source, file).startsWith('..'));
  const program = ts.createProgram(files, config.options);
  const { diagnostics } = program.emit(undefined, undefined, undefined, false, {
    afterDeclarations: [declarationSpecifiers],
  });
  const all = [...config.errors, ...ts.getPreEmitDiagnostics(program), ...diagnostics];
  return all.length === 0 ? '' : ts.formatDiagnostics(all, formatHost);
}
