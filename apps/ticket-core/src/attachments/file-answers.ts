import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiResponse } from '@nestjs/swagger';
import { MAX_FILES } from '#shared/contracts/attachments.js';

const text = (description: string, example: string) => ({ description, schema: { type: 'string' as const }, example });
const FILE_HEADERS = {
  etag: text('The hash of the content.', '"9f86d081884c7d65"'),
  'content-disposition': text('Its name.', 'attachment; filename="router.log"'),
  'accept-ranges': text('Ranges of it may be asked for.', 'bytes'),
};
const content = { '*/*': { schema: { type: 'string' as const, format: 'binary' } } };

/** How the API's document tells of an operation that answers a file, or for HEAD what it is. */
export const AnswersFile = ({ isHead = false } = {}) =>
  applyDecorators(
    ApiHeader({
      name: 'range',
      required: false,
      description: 'A part of it (RFC 9110 14.2).',
      example: 'bytes=0-1023',
    }),
    ApiHeader({ name: 'if-none-match', required: false, description: 'The etag of what you have.', example: '"9f86"' }),
    ApiOkResponse({ description: 'The whole file.', headers: FILE_HEADERS, ...(!isHead && { content }) }),
    ApiResponse({ status: 206, description: 'The part that was asked for.', ...(!isHead && { content }) }),
    ApiResponse({ status: 304, description: 'You have it already.' }),
  );

/** How it tells of an upload: a form with files, or one file as the body itself. */
export const uploadBody = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        properties: {
          file: {
            type: 'array' as const,
            items: { type: 'string' as const, format: 'binary' },
            minItems: 1,
            maxItems: MAX_FILES,
          },
        },
      },
    },
    'application/octet-stream': { schema: { type: 'string' as const, format: 'binary' } },
  },
};
