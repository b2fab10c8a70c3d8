import {
  Controller,
  Delete,
  Get,
  Head,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  attachmentPage,
  downloadQuery,
  listAttachmentsInput,
  MAX_FILES,
  uploadedFiles,
  uploadQuery,
} from '#shared/contracts/attachments.js';
import { success } from '#shared/contracts/tickets.js';
import { ticketPath } from '#shared/contracts/values.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { answerWithFile } from './answer-with-file.js';
import { DeleteAttachment } from './delete-attachment.js';
import { AnswersFile, uploadBody } from './file-answers.js';
import { incomingFiles } from './incoming-files.js';
import { ListAttachments } from './list-attachments.js';
import { ReadAttachment } from './read-attachment.js';
import { UploadAttachments } from './upload-attachments.js';

const filePath = z.object({ attachment: z.uuid() });
const ticketFilePath = ticketPath.extend(filePath.shape);
type TicketPath = z.output<typeof ticketPath>;
type FilePath = z.output<typeof filePath>;
type TicketFilePath = z.output<typeof ticketFilePath>;
type Shown = z.output<typeof downloadQuery>;

@ApiTags('attachments')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/tickets/:ticket/attachments', 'api/tickets/:ticket/attachments'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class TicketAttachmentsHttp {
  constructor(
    private readonly uploads: UploadAttachments,
    private readonly attachments: ListAttachments,
    private readonly files: ReadAttachment,
    private readonly deletion: DeleteAttachment,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Upload files, as a form or one as the body itself; post them with a message by their ids.',
    requestBody: uploadBody,
  })
  @ApiCreatedResponse({
    standardSchema: uploadedFiles,
    description: 'The files, in the order in which they were sent.',
  })
  upload(
    @Param({ schema: ticketPath }) { ticket }: TicketPath,
    @Query({ schema: uploadQuery }) { name }: z.output<typeof uploadQuery>,
    @HttpActor() actor: Actor,
    @Req() request: FastifyRequest,
  ) {
    return this.uploads.execute(actor, ticket, incomingFiles(request.raw, name, MAX_FILES));
  }

  @Get()
  @ApiOperation({ summary: 'All files of a ticket, oldest first.' })
  @ApiOkResponse({ standardSchema: attachmentPage, description: 'A page of files.' })
  list(
    @Param({ schema: ticketPath }) { ticket }: TicketPath,
    @Query({ schema: listAttachmentsInput }) input: z.output<typeof listAttachmentsInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.attachments.execute(actor, { ...input, ticket });
  }

  @Head(':attachment')
  @ApiOperation({ summary: 'Size, type and tag of a file.' })
  @AnswersFile({ isHead: true })
  async head(
    @Param({ schema: ticketFilePath }) { ticket, attachment }: TicketFilePath,
    @Query({ schema: downloadQuery }) { inline }: Shown,
    @HttpActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await answerWithFile(request, reply, await this.files.execute(actor, attachment, ticket), inline);
  }

  @Get(':attachment')
  @ApiOperation({ summary: 'The content of a file, whole or a range of it.' })
  @AnswersFile()
  async download(
    @Param({ schema: ticketFilePath }) { ticket, attachment }: TicketFilePath,
    @Query({ schema: downloadQuery }) { inline }: Shown,
    @HttpActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await answerWithFile(request, reply, await this.files.execute(actor, attachment, ticket), inline);
  }

  @Delete(':attachment')
  @ApiOperation({ summary: 'Delete a file that has not been mailed.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(@Param({ schema: ticketFilePath }) { ticket, attachment }: TicketFilePath, @HttpActor() actor: Actor) {
    return this.deletion.execute(actor, attachment, ticket);
  }
}

@ApiTags('attachments')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/attachments', 'api/attachments'])
@UseGuards(ApiKeyGuard)
export class AttachmentsHttp {
  constructor(
    private readonly files: ReadAttachment,
    private readonly deletion: DeleteAttachment,
  ) {}

  @Head(':attachment')
  @ApiOperation({ summary: 'Size, type and tag of a file.' })
  @AnswersFile({ isHead: true })
  async head(
    @Param({ schema: filePath }) { attachment }: FilePath,
    @Query({ schema: downloadQuery }) { inline }: Shown,
    @HttpActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await answerWithFile(request, reply, await this.files.execute(actor, attachment), inline);
  }

  @Get(':attachment')
  @ApiOperation({ summary: 'The content of a file, whole or a range of it; ?inline to show it in a browser.' })
  @AnswersFile()
  async download(
    @Param({ schema: filePath }) { attachment }: FilePath,
    @Query({ schema: downloadQuery }) { inline }: Shown,
    @HttpActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await answerWithFile(request, reply, await this.files.execute(actor, attachment), inline);
  }

  @Delete(':attachment')
  @ApiOperation({ summary: 'Delete a file that has not been mailed.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(@Param({ schema: filePath }) { attachment }: FilePath, @HttpActor() actor: Actor) {
    return this.deletion.execute(actor, attachment);
  }
}
