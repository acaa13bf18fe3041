/** What the common words of SAL and of the driver annotations mean, in a sentence each, for hovers and completion. */

const meanings: Readonly<Record<string, string>> = {
  _In_: 'The function reads what the argument holds or points to; it must be valid at the call.',
  _In_opt_: 'As `_In_`, and NULL is allowed.',
  _In_z_: 'Input: a string that ends with a zero.',
  _In_reads_: 'Input: an array with at least this many elements.',
  _In_reads_opt_: 'As `_In_reads_`, and NULL is allowed.',
  _In_reads_bytes_: 'Input: a buffer with at least this many bytes.',
  _In_reads_bytes_opt_: 'As `_In_reads_bytes_`, and NULL is allowed.',
  _Out_: 'The function writes what the pointer points to; before the call it may be uninitialised.',
  _Out_opt_: 'As `_Out_`, and NULL is allowed.',
  _Out_writes_: 'Output: room for this many elements.',
  _Out_writes_opt_: 'As `_Out_writes_`, and NULL is allowed.',
  _Out_writes_bytes_: 'Output: room for this many bytes.',
  _Out_writes_bytes_opt_: 'As `_Out_writes_bytes_`, and NULL is allowed.',
  _Out_writes_bytes_to_: 'Output: room for the first number of bytes, of which the second number is written.',
  _Inout_: 'The function reads and changes what the pointer points to.',
  _Inout_opt_: 'As `_Inout_`, and NULL is allowed.',
  _Outptr_: 'The function stores a pointer here, which is not NULL on success.',
  _Outptr_opt_: 'As `_Outptr_`, and the argument itself may be NULL.',
  _Outptr_result_maybenull_: 'The function stores a pointer here, which may be NULL.',
  _Reserved_: 'Must be 0 or NULL.',
  _Ret_maybenull_: 'The result may be NULL: check it.',
  _Ret_notnull_: 'The result is never NULL.',
  _Must_inspect_result_: 'The result says whether it worked, so it must be looked at.',
  _Check_return_: 'The result must be looked at.',
  _Use_decl_annotations_: 'The annotations stand at the declaration; they hold for this definition too.',
  _Analysis_assume_: 'Tells the analysis that the condition holds here; nothing is done at run time.',
  _Success_: 'When the function counts as successful; promises about outputs hold only then.',
  _When_: 'The annotations in the second argument hold only under the condition in the first.',
  _At_: 'The annotations in the second argument are about what the first one names.',
  _Field_size_: 'The member points to this many elements.',
  _Field_size_bytes_: 'The member points to this many bytes.',
  _IRQL_requires_: 'Must be called at exactly this IRQL.',
  _IRQL_requires_max_: 'May be called up to this IRQL.',
  _IRQL_requires_min_: 'May be called from this IRQL upwards.',
  _IRQL_requires_same_: 'Returns at the IRQL at which it was called.',
  _IRQL_raises_: 'Returns at this IRQL, which is higher.',
  _IRQL_saves_: 'The former IRQL is stored here.',
  _IRQL_restores_: 'The IRQL is set back to what is stored here.',
  _IRQL_saves_global_: 'Saves the IRQL in the named place, to be restored from there.',
  _IRQL_restores_global_: 'Restores the IRQL from the named place.',
  _IRQL_uses_cancel_: 'The cancel IRQL of the IRP is restored from here.',
  _Acquires_lock_: 'Returns with this lock held.',
  _Releases_lock_: 'Releases this lock, which must be held.',
  _Requires_lock_held_: 'Must be called with this lock held.',
  _Requires_lock_not_held_: 'Must not be called with this lock held.',
  _Guarded_by_: 'Touch it only with this lock held.',
  _Interlocked_operand_: 'Touched by Interlocked functions only.',
  _Function_class_: 'The function has this role: it is called as one of its kind, at its IRQL.',
  _Dispatch_type_: 'The dispatch routine handles this IRP_MJ_ code.',
  _Kernel_clear_do_init_: 'Whether the function clears DO_DEVICE_INITIALIZING.',
  __drv_aliasesMem: 'The function keeps the pointer: the memory must outlive the call.',
  __drv_allocatesMem: 'The result is memory that the caller has to free.',
  __drv_freesMem: 'Frees the memory; it must not be touched afterwards.',
};

/** One sentence; undefined for a word that is not among the common ones. */
export function salMeaning(word: string): string | undefined {
  return Object.hasOwn(meanings, word) ? meanings[word] : undefined;
}

/** The common words, in the order in which people meet them. */
export function salWords(): readonly { readonly name: string; readonly meaning: string }[] {
  return Object.entries(meanings).map(([name, meaning]) => ({ name, meaning }));
}
