/** Log points: text in which `{expression}` stands for a value, and `{{` and `}}` for braces. */
import type { Run } from '../../emulator/index.ts';

export function logMessageText(run: Run, message: string, frameId: number): string {
  return message.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (whole, expression: string | undefined) => {
    if (expression === undefined) return whole.charAt(0);
    const result = run.evaluate(expression, frameId);
    return 'error' in result ? `{${expression}: ${result.error}}` : result.value.text;
  });
}
