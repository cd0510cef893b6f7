/** What a route says of itself to the hooks of Fastify; several decorators may each say a part. */
import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';

/** Adds to what other decorators of the route said: Nest's own `RouteConfig` takes the place of it. */
export function withRouteConfig(config: FastifyContextConfig): MethodDecorator {
  return (target, key, descriptor) => {
    const said = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, descriptor.value as object) as FastifyContextConfig | undefined;
    RouteConfig({ ...said, ...config })(target, key, descriptor);
  };
}
