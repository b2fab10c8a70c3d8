import { Controller, Get } from '@nestjs/common';

/** Alive and ready are one here: the playground depends on nobody. */
@Controller('health')
export class HealthHttp {
  @Get(['live', 'ready'])
  ok(): { status: 'ok' } {
    return { status: 'ok' };
  }
}
