/** A request that can't be done for a reason that the user can understand: it becomes an error response. */
export class RequestError extends Error {
  /** Problems that stop a launch are shown in a dialog; a hover over a keyword is not worth one. */
  readonly isShown: boolean;

  constructor(message: string, options: { readonly isShown: boolean } = { isShown: false }) {
    super(message);
    this.isShown = options.isShown;
  }
}
