/* What the kernel's functions in C have of their own, which drivers do not see. */

/* Holds the IRQL of the driver's call against the prototype of that function. */
void KiCheckCaller(const char *Function);

/* Whether a handle is one to a token. */
long KiCheckToken(void *Handle);
