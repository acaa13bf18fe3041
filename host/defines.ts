/** A macro definition as it stands after `-D`, in settings and in launch.json: `NAME` (which is 1) or `NAME=VALUE`. */

/** Name and value of a definition; undefined where the text names no macro. */
export function readDefine(text: string): readonly [name: string, value: string] | undefined {
  const [, name, value] = /^([A-Za-z_$][\w$]*)(?:=(.*))?$/s.exec(text) ?? [];
  return name === undefined ? undefined : [name, value ?? '1'];
}
