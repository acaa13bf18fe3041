/** The beginning of a sentence that begins with a thing's own text: "socket #1" is "Socket #1" there. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
