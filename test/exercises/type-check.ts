/**
 * Type-checks changed files of the project, and those that their change may break.
 * The rest stands as `npm run typecheck` found it.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** Files by their whole path, with the text that takes the place of what is on the disk. */
type Overlay = ReadonlyMap<string, string>;

/** Beyond so many files all are checked: looking what each gives its importers costs more than checking it. */
const MANY = 60;

const IMPORT = /\b(?:from|import\(|import)\s*['"](\.[^'"]+)['"]/g;
const importsOf = (file: string, text: string): string[] =>
  [...text.matchAll(IMPORT)].map(([, from = '']) => join(dirname(file), from).replace(/\.js$/, '.ts'));

export class TypeCheck {
  readonly #root: string;
  readonly #config: ts.ParsedCommandLine;
  readonly #host: ts.CompilerHost;
  readonly #parsed = new Map<string, ts.SourceFile | undefined>();
  readonly #before: ts.Program;

  constructor(root: string) {
    this.#root = root;
    const config = ts.getParsedCommandLineOfConfigFile(
      join(root, 'tsconfig.json'),
      { declaration: true },
      { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
    );
    if (config === undefined) throw new Error('tsconfig.json cannot be read');
    this.#config = config;
    this.#host = ts.createCompilerHost(config.options);
    this.#before = this.#program(new Map());
  }

  /**
   * New problems that a copy of the project has in files it touched, and in those that depend on them:
   * `file:line: what`.
   */
  problems(copy: string, touched: readonly string[]): string[] {
    const overlay = new Map(
      touched.filter((name) => /\.ts$/.test(name)).map((name) => [join(this.#root, name), readFileSync(join(copy, name), 'utf8')]),
    );
    const after = this.#program(overlay, this.#before);
    return this.#affected(after, overlay).flatMap((file) => {
      const found = this.#problemsOf(after, file);
      // What the project has without the change too is not of the change.
      const before = found.length === 0 ? undefined : this.#before.getSourceFile(file.fileName);
      const known = before === undefined ? [] : this.#problemsOf(this.#before, before);
      return found.filter((problem) => !known.includes(problem));
    });
  }

  #problemsOf(program: ts.Program, file: ts.SourceFile): string[] {
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((found) => this.#said(found));
  }

  #program(overlay: Overlay, before?: ts.Program): ts.Program {
    const folders = new Set([...overlay.keys()].map(dirname));
    const host: ts.CompilerHost = {
      ...this.#host,
      fileExists: (name) => overlay.has(name) || this.#host.fileExists(name),
      directoryExists: (name) => folders.has(name) || ts.sys.directoryExists(name),
      readFile: (name) => overlay.get(name) ?? this.#host.readFile(name),
      getSourceFile: (name, version) => {
        const text = overlay.get(name);
        if (text !== undefined) return ts.createSourceFile(name, text, version);
        if (!this.#parsed.has(name)) this.#parsed.set(name, this.#host.getSourceFile(name, version));
        return this.#parsed.get(name);
      },
    };
    const rootNames = [...new Set([...this.#config.fileNames, ...overlay.keys()])];
    return ts.createProgram({ rootNames, options: this.#config.options, host, oldProgram: before });
  }

  /**
   * The changed files, and the importers of each whose declarations changed, or name what a changed declaration says.
   */
  #affected(after: ts.Program, overlay: Overlay): readonly ts.SourceFile[] {
    const own = after.getSourceFiles().filter(({ fileName }) => !fileName.includes('/node_modules/'));
    const importers = Map.groupBy(
      own.flatMap(({ fileName, text }) => importsOf(fileName, text).map((target) => ({ target, fileName }))),
      ({ target }) => target,
    );
    const spread = new Set<string>();
    const found = new Set(overlay.keys());
    const queue = [...found];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (found.size > MANY) return own;
      const shape = shapeOf(after, file);
      const named = importsOf(file, shape ?? '').some((target) => spread.has(target));
      if (spread.has(file) || (shape !== undefined && !named && shape === shapeOf(this.#before, file))) continue;
      spread.add(file);
      for (const { fileName } of importers.get(file) ?? []) {
        found.add(fileName);
        queue.push(fileName);
      }
    }
    return own.filter(({ fileName }) => found.has(fileName));
  }

  #said({ file, start = 0, messageText }: ts.Diagnostic): string {
    const text = ts.flattenDiagnosticMessageText(messageText, ' ');
    if (file === undefined) return text;
    return `${file.fileName.slice(this.#root.length + 1)}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${text}`;
  }
}

/** What a file declares to its importers; undefined where it is not there. */
function shapeOf(program: ts.Program, name: string): string | undefined {
  const file = program.getSourceFile(name);
  let shape: string | undefined;
  if (file !== undefined) program.emit(file, (_, text) => (shape = text), undefined, true);
  return shape;
}
