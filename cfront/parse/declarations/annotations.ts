/**
 * Which identifiers are annotations: Microsoft's SAL in its second form (`_In_reads_(n)`), its first (`__in_ecount(n)`)
 * and the driver annotations (`__drv_requiresIRQL(n)`). The preprocessor never sees them; the parser reads a word as
 * an annotation only where the program has not declared it as something else.
 */

/** `_In_`, `_Out_writes_bytes_`, `_IRQL_requires_max_`: a capital after the first underscore, one at the end. */
const second = /^_[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*_$/;
const first = new RegExp(
  `^__(?:${[
    '(?:in|out|inout)(?:_[a-z0-9_]+)?',
    '(?:deref|pre|post|drv|field|struct|byte|elem|on_failure|analysis)_[A-Za-z0-9_]+',
    '(?:ecount|bcount|xcount)(?:_[a-z_]+)?',
    '(?:nullterminated|nullnullterminated|notnull|maybenull|null|valid|notvalid|reserved|readonly|notreadonly|readableTo|writableTo)',
    '(?:maybereadonly|on_failure|kernel_entry|inner_callback|inner_[a-z_]+|assume_[a-z]+|transfer|bcount_opt|ecount_opt|checkReturn|callback|success|format_string|printf_format|typefix|override|possibly_notnullterminated)',
    '(?:kernel_code|blocksOn|fallthrough|range|refparam|exceptthat|rpc_entry|control_entrypoint|data_entrypoint|encoded_pointer)',
    '(?:allocator|nonconst|bound|useHeader|in_range|encoded_array|control|valueUndefined|sal_[A-Za-z0-9_]+)',
  ].join('|')})$`,
);

/** Words of the second form that never take arguments: a parenthesis after one belongs to the declaration. */
const bare =
  /^_(?:(?:Pre|Post|In|Out|Inout|Outptr|COM_Outptr|Ret)(?:_(?:opt|z|maybenull|notnull|null|valid|invalid|result))*|Must_inspect_result|Check_return(?:_opt)?|Use_decl_annotations|(?:Null|NullNull)_terminated|Maybenull|Notnull|Null|Reserved|Const|Valid|Notvalid)_$/;

/** True for a word that is an annotation where nothing else is declared under its name. */
export function isAnnotationName(name: string): boolean {
  if (name.charCodeAt(0) !== 95) return false;
  if (name.charCodeAt(1) === 95) return first.test(name);
  return second.test(name) && /[a-z]/.test(name);
}

/** True for an annotation whose parenthesised arguments, if a parenthesis follows, are its own. */
export function takesArguments(name: string): boolean {
  if (name.startsWith('__')) return !/^__(?:in|out|inout)(?:_opt|_z|_opt_z)?$/.test(name);
  return !bare.test(name);
}

/** `_Analysis_assume_(expression)`: the one annotation that is a statement with an expression inside. */
export function isAssumption(name: string): boolean {
  return /^__?[Aa]nalysis_assume/.test(name);
}
