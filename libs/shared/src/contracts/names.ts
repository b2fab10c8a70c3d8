import { z } from 'zod';

/** What people call something: one line, however odd. */
export const oneLineName = (maxChars = 200) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(maxChars)
    .refine((text) => !/[\p{Cc}\u2028\u2029]/u.test(text), 'must be one line');
