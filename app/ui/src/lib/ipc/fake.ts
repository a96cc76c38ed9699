export const fake = null as never;
