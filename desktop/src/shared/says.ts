/** Whether a person can read anything in a text: a letter or a digit, of any script. */
export function saysSomething(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
