import { SetMetadata } from '@nestjs/common';
import type { Area as AreaName } from '#shared/contracts/api-keys.js';

export const AREA = 'deskwire:area';

/** What part of the desk a controller (or one of its methods) belongs to: a key with scopes opens only those parts. */
export const Area = (area: AreaName) => SetMetadata(AREA, area);

/** Open to every key, whatever its scopes. */
export const AnyArea = () => SetMetadata(AREA, 'any');
