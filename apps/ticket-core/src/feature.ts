import type { Provider, Type } from '@nestjs/common';

/**
 * What a feature's folder adds to the service. All features share one injector: any may call another's use cases, while
 * its repositories stay its own (the walls in .dependency-cruiser.cjs check that).
 */
export interface Feature {
  controllers: Type[];
  providers: Provider[];
}
