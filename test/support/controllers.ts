/** The routes as their controllers declare them: what the decorators noted, before any server is there. */
import 'reflect-metadata';
import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const FOLDER = 'src/http';

export interface DeclaredRoute {
  /** From the root of the project. */
  readonly file: string;
  readonly controller: Type;
  /** Name of the method that answers. */
  readonly name: string;
  /** Such as `GET /v1/agencies/:agency/tables/:year`. */
  readonly address: string;
  /** What it says of itself to the hooks of Fastify. */
  readonly says: FastifyContextConfig;
  /** Classes of its `@Query()` and its `@Param()`, where it has one without a name. */
  readonly query: Type | undefined;
  readonly path: Type | undefined;
  /** The source of its method. */
  readonly body: string;
}

/** Of every controller, whether a module names it or not. */
export async function declaredRoutes(): Promise<DeclaredRoute[]> {
  const all = readdirSync(join(ROOT, FOLDER), { recursive: true, encoding: 'utf8' });
  const files = all.filter((name) => name.endsWith('.controller.ts')).map((name) => `${FOLDER}/${name}`);
  const found = await Promise.all(
    files.map(async (file) => {
      const exported = Object.values((await import(join(ROOT, file))) as Record<string, unknown>);
      return exported.filter(isController).flatMap((controller) => routesOf(file, controller));
    }),
  );
  return found.flat();
}

function isController(value: unknown): value is Type {
  return typeof value === 'function' && Reflect.hasMetadata(PATH_METADATA, value);
}

function routesOf(file: string, controller: Type): DeclaredRoute[] {
  const prototype = controller.prototype as Readonly<Record<string, () => unknown>>;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const method = prototype[name];
    if (method === undefined || name === 'constructor' || !Reflect.hasMetadata(METHOD_METADATA, method)) return [];
    const parts = [controller, method].map((of) => Reflect.getMetadata(PATH_METADATA, of) as string);
    const path = parts.map((part) => part.replace(/^\/|\/$/g, '')).filter((part) => part !== '');
    return {
      file,
      controller,
      name,
      address: `${RequestMethod[Reflect.getMetadata(METHOD_METADATA, method) as number] ?? ''} /${path.join('/')}`,
      says: (Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, method) ?? {}) as FastifyContextConfig,
      query: classOf(controller, name, RouteParamtypes.QUERY),
      path: classOf(controller, name, RouteParamtypes.PARAM),
      body: method.toString(),
    };
  });
}

/** The class of what a method is given whole; undefined where it is given nothing, or single values by their names. */
function classOf(controller: Type, name: string, kind: RouteParamtypes): Type | undefined {
  const given = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, { index: number; data?: unknown }>;
  const whole = Object.entries(given).find(([key, { data }]) => key.startsWith(`${kind}:`) && data === undefined);
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype as object, name) as readonly Type[];
  return whole === undefined ? undefined : types[whole[1].index];
}
