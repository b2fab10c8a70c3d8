/**
 * The one table of errors. Every transport reads it, so that the same mistake gets the same answer
 * over HTTP, NATS, tRPC, SMTP and the command line.
 * `retry` tells a caller whether the same request may succeed later. `title` is the code's, whatever the case (RFC 9457 3.1.3);
 * what the case is says the error's message.
 */
export const ERROR_CODES = {
  BAD_REQUEST: { http: 400, smtp: 554, trpc: 'BAD_REQUEST', retry: false, title: 'The request is not valid' },
  UNAUTHORIZED: { http: 401, smtp: 530, trpc: 'UNAUTHORIZED', retry: false, title: 'Who are you?' },
  FORBIDDEN: { http: 403, smtp: 550, trpc: 'FORBIDDEN', retry: false, title: 'You may not do this' },
  NOT_FOUND: { http: 404, smtp: 550, trpc: 'NOT_FOUND', retry: false, title: 'There is no such thing' },
  METHOD_NOT_ALLOWED: {
    http: 405,
    smtp: 554,
    trpc: 'METHOD_NOT_SUPPORTED',
    retry: false,
    title: 'That is not done here',
  },
  CONFLICT: { http: 409, smtp: 451, trpc: 'CONFLICT', retry: false, title: 'That conflicts with what is there' },
  PAYLOAD_TOO_LARGE: { http: 413, smtp: 552, trpc: 'PAYLOAD_TOO_LARGE', retry: false, title: 'That is too large' },
  UNSUPPORTED_MEDIA_TYPE: {
    http: 415,
    smtp: 554,
    trpc: 'UNSUPPORTED_MEDIA_TYPE',
    retry: false,
    title: 'That type is not read here',
  },
  RANGE_NOT_SATISFIABLE: { http: 416, smtp: 554, trpc: 'BAD_REQUEST', retry: false, title: 'It has no such part' },
  UNPROCESSABLE: {
    http: 422,
    smtp: 554,
    trpc: 'UNPROCESSABLE_CONTENT',
    retry: false,
    title: 'That cannot be done now',
  },
  TOO_MANY_REQUESTS: { http: 429, smtp: 421, trpc: 'TOO_MANY_REQUESTS', retry: true, title: 'Too many requests' },
  INTERNAL: { http: 500, smtp: 451, trpc: 'INTERNAL_SERVER_ERROR', retry: true, title: 'Something went wrong here' },
  UNAVAILABLE: { http: 503, smtp: 451, trpc: 'SERVICE_UNAVAILABLE', retry: true, title: 'Not available at the moment' },
  TIMEOUT: { http: 504, smtp: 451, trpc: 'TIMEOUT', retry: true, title: 'No answer in time' },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export const isErrorCode = (value: unknown): value is ErrorCode => typeof value === 'string' && value in ERROR_CODES;
