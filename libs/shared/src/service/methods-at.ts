import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest, RouteOptions } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods of the routes that a path leads to; none of one that leads nowhere. */
    methodsAt?: (path: string) => string[];
  }
}

/** From here on every route is noted, so that a wrong method can be told from a wrong address. */
export function noteRoutes(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const routes: { parts: string[]; methods: string[] }[] = [];
  fastify.addHook('onRoute', ({ url, method }: RouteOptions) => {
    if (!url.includes('*')) routes.push({ parts: url.split('/'), methods: [method].flat() });
  });
  fastify.decorate('methodsAt', (path) => {
    const asked = path.split('/');
    const found = routes.filter(({ parts }) => leadsThere(parts, asked));
    return [...new Set(found.flatMap(({ methods }) => methods))].toSorted();
  });
}

/** Fastify found no route for this request: which other methods its address has. */
export const otherMethodsOf = ({ server, url }: FastifyRequest): string[] =>
  server.methodsAt?.(url.split('?')[0]!.replace(/(?<=.)\/$/, '')) ?? [];

/** `/tickets/:ticket/messages`: what is not a parameter stands for itself. */
const leadsThere = (route: readonly string[], path: readonly string[]): boolean =>
  route.length === path.length &&
  route.every((part, place) => (part.startsWith(':') ? path[place] !== '' : part === path[place]));
