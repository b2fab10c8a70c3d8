import type { Feature } from '../feature.js';
import { ChangeViews } from './change-views.js';
import { ReadViews } from './read-views.js';
import { ViewRepository } from './view.repository.js';
import { ViewsHttp } from './views.http.js';
import { ViewsNats } from './views.nats.js';

export const views: Feature = {
  controllers: [ViewsHttp, ViewsNats],
  providers: [ViewRepository, ReadViews, ChangeViews],
};
