/** `print*` is how many other searches are asked for what begins so; here the last word always is. */
export const searchWords = (typed: string): string => typed.replace(/[\s*]+$/, '');
