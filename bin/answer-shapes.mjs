// Makes of the types that routes say they answer with (`@Answers<T>(status, …)`) one file of JSON Schemas,
// dist/answer-shapes.json: {routes: {"Controller.method": {status: schema}}, definitions}.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';
import ts from 'typescript';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const CONTROLLERS = 'src/http/controllers';
/** Where the types stand under names of their own while the generator reads them. */
const FOLDER = 'dist/answer-types';

/** The imports of a controller, and each type that a method of it answers with. */
function typesOf(file) {
  const text = readFileSync(path(`${CONTROLLERS}/${file}`), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = source.statements
    .filter(ts.isClassDeclaration)
    .flatMap((controller) => controller.members.flatMap((method) => answersOf(method, controller.name.text, source)));
  if (found.length === 0) return { found, text: '' };
  const imports = source.statements
    .filter(ts.isImportDeclaration)
    .map((one) => one.getText(source).replaceAll(/from '\.\.\//g, "from '../../src/http/"));
  const own = source.statements
    .filter((one) => ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one))
    .map((one) => one.name.text);
  const local = own.length === 0 ? [] : [`import type { ${own.join(', ')} } from '../../${CONTROLLERS}/${file.replace(/\.ts$/, '.js')}';`];
  return { found, text: [...imports, ...local, ...found.map(({ name, type }) => `export type ${name} = ${type};`)].join('\n') };
}

function answersOf(method, controller, source) {
  return (ts.canHaveDecorators(method) ? (ts.getDecorators(method) ?? []) : []).flatMap(({ expression }) => {
    if (!ts.isCallExpression(expression) || expression.expression.getText(source) !== 'Answers') return [];
    const [type] = expression.typeArguments ?? [];
    const status = expression.arguments[0].getText(source);
    if (type === undefined) throw new Error(`${controller}.${method.name.getText(source)}: @Answers<T>(${status}, …) names no type`);
    const route = `${controller}.${method.name.getText(source)}`;
    return [{ route, status, name: `${route.replace('.', '_')}_${status}`, type: type.getText(source) }];
  });
}

rmSync(path(FOLDER), { recursive: true, force: true });
mkdirSync(path(FOLDER), { recursive: true });
const answers = readdirSync(path(CONTROLLERS)).flatMap((file) => {
  const { found, text } = typesOf(file);
  if (found.length > 0) writeFileSync(path(`${FOLDER}/${file}`), `${text}\n`);
  return found;
});
// Of every route.
writeFileSync(
  path(`${FOLDER}/every.ts`),
  "import type { Problem } from '../../src/http/problem.js';\nexport type EveryProblem = Problem;\n",
);

const { definitions } = createGenerator({
  path: path(`${FOLDER}/*.ts`),
  tsconfig: path('tsconfig.json'),
  type: '*',
  expose: 'export',
  jsDoc: 'extended',
  skipTypeCheck: true,
  topRef: true,
  sortProps: false,
  encodeRefs: false,
  // Answers grow: a reader passes over what it does not know.
  additionalProperties: true,
}).createSchema('*');

const routes = {};
const shapes = { ...definitions };
delete shapes.EveryProblem;
for (const { route, status, name } of answers) {
  if (shapes[name] === undefined) throw new Error(`${route}: no schema was made of ${name}`);
  routes[route] = { ...routes[route], [status]: shapes[name] };
  delete shapes[name];
}
// Types without a name of their own, such as Pick<…>, stand where they are used.
const isNamed = (name) => /^\w+$/.test(name);
function inlined(schema) {
  if (Array.isArray(schema)) return schema.map(inlined);
  if (schema === null || typeof schema !== 'object') return schema;
  // Answers grow, whatever way their type was written.
  if (schema.additionalProperties === false) delete schema.additionalProperties;
  const { $ref, ...rest } = schema;
  const name = $ref?.replace('#/definitions/', '');
  if (name === undefined) return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, inlined(value)]));
  return isNamed(name) ? { $ref: `#/components/schemas/${name}`, ...inlined(rest) } : inlined({ ...definitions[name], ...rest });
}
const named = Object.fromEntries(Object.entries(shapes).filter(([name]) => isNamed(name)));
writeFileSync(path('dist/answer-shapes.json'), JSON.stringify(inlined({ routes, definitions: named })));
rmSync(path(FOLDER), { recursive: true });
