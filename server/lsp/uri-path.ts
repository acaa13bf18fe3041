/** URIs of the client as paths of files. */
import { fileURLToPath } from 'node:url';

/** A file's path; what is no file (an unsaved buffer) keeps its URI as its label. */
export function pathOf(uri: string): string {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
  } catch {
    return uri;
  }
}
