import { Controller, Get, Headers, Query, StreamableFile, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { slaReportQuery, slaReportView } from '#shared/contracts/sla-reports.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { MakeReport } from './make-report.js';
import { reportCsv } from './sla-report.view.js';

@ApiTags('sla')
@ApiBearerAuth()
@Area('sla')
@Controller(['api/v1/sla/reports', 'api/sla/reports'])
@UseGuards(ApiKeyGuard)
export class SlaReportsHttp {
  constructor(private readonly report: MakeReport) {}

  @Get()
  @ApiOperation({
    summary: 'Compliance and response times of tickets opened in a time, by group; as CSV by Accept or ?format=csv.',
  })
  @ApiOkResponse({ standardSchema: slaReportView, description: 'The report; as CSV a line a group.' })
  async get(
    @Query({ schema: slaReportQuery }) { format, ...input }: z.output<typeof slaReportQuery>,
    @HttpActor() actor: Actor,
    @Headers('accept') accept = '',
  ) {
    const view = await this.report.execute(actor, input);
    const asCsv = format === 'csv' || (format === undefined && /^\s*text\/csv\b/i.test(accept));
    if (!asCsv) return view;
    return new StreamableFile(Buffer.from(reportCsv(view)), {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: 'attachment; filename="sla-report.csv"',
    });
  }
}
