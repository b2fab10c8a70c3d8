import type { Feature } from '../feature.js';
import { ActivityLog } from './activity-log.js';
import { ActivityRepository } from './activity.repository.js';
import { ListActivities } from './list-activities.js';

export const activities: Feature = {
  controllers: [],
  providers: [ActivityRepository, ActivityLog, ListActivities],
};
