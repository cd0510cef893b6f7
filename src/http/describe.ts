/**
 * What the routes say of themselves for /openapi.json, noted until somebody asks: @nestjs/swagger and what it stands on
 * are half of the modules of a start. The decorators are those of @nestjs/swagger, by their names.
 */
type Swagger = typeof import('@nestjs/swagger');
type Decorator = (target: object, property?: string | symbol, descriptor?: PropertyDescriptor) => void;

const notes: ((swagger: Swagger) => void)[] = [];

function noted<Name extends keyof Swagger>(name: Name) {
  return (...args: Swagger[Name] extends (...args: infer Args) => unknown ? Args : never): ClassDecorator & MethodDecorator =>
    (target: object, property?: string | symbol, descriptor?: PropertyDescriptor) => {
      notes.push((swagger) => (swagger[name] as (...args: unknown[]) => Decorator)(...args)(target, property, descriptor));
    };
}

export const ApiBody = noted('ApiBody');
export const ApiConsumes = noted('ApiConsumes');
export const ApiHeader = noted('ApiHeader');
export const ApiOperation = noted('ApiOperation');
export const ApiParam = noted('ApiParam');
export const ApiProduces = noted('ApiProduces');
export const ApiQuery = noted('ApiQuery');
export const ApiResponse = noted('ApiResponse');
export const ApiTags = noted('ApiTags');

/** Decorates every route as noted, once. */
export function describeRoutes(swagger: Swagger): void {
  for (const note of notes.splice(0)) note(swagger);
}
