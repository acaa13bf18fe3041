/** The line of a configuration that says where it comes from, short: names of files without their folders. */
export function originIn(text: string): string {
  const from = /^ {2}from +(\S.*?) *$/m.exec(text)?.[1] ?? '';
  if (from === '' || from === 'nothing but the defaults') return 'Compiled as a WDK debug build for x64';
  return `Compiled as ${from.replace(/[^,]*[\\/]([^,\\/]+)/g, ' $1').trim()} says`;
}
