/** Expressions and statements as golden text: every conversion that C inserts stands in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpBody } from '../testing.ts';

const cases: readonly (readonly [source: string, expected: string])[] = [
  [
    'i + 1; c + s; u + l; ul + i; ll + ul; ull + ll; us + us; fl + i; fl + d; bo + c;',
    '(+ i 1); (+ (to int c) (to int s)); (+ (to unsigned long u) (to unsigned long l)); (+ ul (to unsigned long i)); (+ ll (to long long ul)); (+ ull (to unsigned long long ll)); (+ (to int us) (to int us)); (+ fl (to float i)); (+ (to double fl) d); (+ (to int bo) (to int c));',
  ],
  [
    'c << l; ll >> c; -us; ~c; !pv; +fl; i && pv; !d;',
    '(<< (to int c) l); (>> ll (to int c)); (- (to int us)); (~ (to int c)); (! pv); (+ fl); (&& i pv); (! d);',
  ],
  [
    "pc + c; i + pi; pi - 1; pi - pi; pi[c]; 3[a]; a[i]; *a; &a; &a[1]; *pf; &f; (*pf)(1, 'x'); pf(1, 2); f(i, i);",
    '(+ pc (to long long (to int c))); (+ (to long long i) pi); (- pi (to long long 1)); (- pi pi); ([] pi (to long long (to int c))); ([] (decay a) (to long long 3)); ([] (decay a) (to long long i)); (* (decay a)); (& a); (& ([] (decay a) (to long long 1))); (* pf); (& f); (call (decay (* pf)) 1 (to char 120)); (call pf 1 (to char 2)); (call (decay f) i (to char i));',
  ],
  [
    'i = c; c = i; fl = i; i = d; bo = pv; bo = 3; e = 1; i = e; e = E1; pv = pi; pi = pv; pc = 0; pv = (void *)0; pci = pi;',
    '(= i (to int c)); (= c (to char i)); (= fl (to float i)); (= i (to int d)); (= bo (to bool pv)); (= bo (to bool 3)); (= e (to enum E 1)); (= i (to int e)); (= e (to enum E E1)); (= pv (to void * pi)); (= pi (to int * pv)); (= pc (to char * 0)); (= pv (cast void * 0)); (= pci (to const int * pi));',
  ],
  [
    'i += c; c += 1; us <<= 2; pi += c; fl *= 2; i -= d; ull |= 1; ps++; --pc; d++; bo++;',
    '(+= i (to int c) as int); (+= c 1 as int); (<<= us 2 as int); (+= pi (to long long (to int c)) as int *); (*= fl (to float 2) as float); (-= i d as double); (|= ull (to unsigned long long 1) as unsigned long long); (ps ++); (-- pc); (d ++); (bo ++);',
  ],
  [
    'i ? 1 : 2L; i ? pi : 0; i ? pv : pi; i ? pci : pi; i ? st : st; i ? g() : g(); i ?: 2; (i, d);',
    '(? i (to long 1) 2:long); (? i pi (to int * 0)); (? i pv (to void * pi)); (? i pci (to const int * pi)); (? i st st); (? i (call (decay g)) (call (decay g))); (? i - 2); (, i d);',
  ],
  [
    'st.a; ps->next->b; ps->c + 1; ps->v; st.arr[2]; (&st)->a; (*ps).u; f;',
    '(. st a@0); (-> (-> ps next@16) b@4); (+ (to int (-> ps c@8)) 1); (-> ps v@24); ([] (decay (. st arr@28)) (to long long 2)); (-> (& st) a@0); (. (* ps) u@24); f;',
  ],
  [
    'v("%d", c, fl, s, a, f, st, e, ull); g(); (void)i; (PS)pv; (char)i; (int)3.7; (unsigned long long)pi;',
    '(call (decay v) (decay "%d") (to int c) (to double fl) (to int s) (decay a) (decay f) st (to int e) ull); (call (decay g)); (cast void i); (cast PS pv); (cast char i); (cast int 3.7:double); (cast unsigned long long pi);',
  ],
  [
    'sizeof i; sizeof(int) + 1; sizeof st; sizeof a / sizeof *a; sizeof(struct S); sizeof "abc"; _Alignof(long long);',
    'sizeof(int)=4; (+ sizeof(int)=4 (to unsigned long long 1)); sizeof(struct S)=48; (/ sizeof(int[3])=12 sizeof(int)=4); sizeof(struct S)=48; sizeof(char[4])=4; _Alignof(long long)=8;',
  ],
  [
    "1; 1u; 1l; 1ull; 0x80000000; 2147483648; 0xffffffffffffffff; 07; 0b101; 1i64; 2ui64; 1.5; 1e3f; .5L; 0x1p4; 'a'; '\\xff'; L'a'; 'ab'; '\\0';",
    '1; 1:unsigned int; 1:long; 1:unsigned long long; 2147483648:unsigned int; 2147483648:unsigned long; 18446744073709551615:unsigned long long; 7; 5; 1:long long; 2:unsigned long long; 1.5:double; 1000:float; 0.5:long double; 16:double; 97; -1; 97:wchar_t; 24930; 0;',
  ],
  [
    'if (i) g(); else if (pv) ; else { } while (i--) continue; do g(); while (i); for (;;) break; for (int k = 0; k < 3; k++) i += k; for (i = 0; ; ) break;',
    'if i (call (decay g)); else if pv ; else {} while (i --) continue; do (call (decay g)); while i; for (;;) break; for ([int k = 0]; (< k 3); (k ++)) (+= i k as int); for ((= i 0);;) break;',
  ],
  [
    "switch (c) { case 1: case 'a': g(); break; case 3 ... 5: default: ; } lab: goto lab; return;",
    'switch (to int c) { case 1: case 97: (call (decay g)); break; case 3...5: default: ; } lab: goto lab; return;',
  ],
  [
    'switch (e) { case E0: { case E1: ; } } switch (ull) { case -1: ; }',
    'switch (to int e) { case 0: { case 7: ; } } switch ull { case 18446744073709551615: ; }',
  ],
  [
    '__try { g(); __leave; } __finally { i = 1; } __try { } __except (GetExceptionCode() == 5 ? 1 : 0) { g(); }',
    'try { (call (decay g)); leave; } finally { (= i 1); } try {} except (? (== (_exception_code) (to unsigned long 5)) 1 0) { (call (decay g)); }',
  ],
  [
    'int k = 1, *q = &k; static int z = 5; extern int x2; typedef int T; T t2 = k; struct L { T m; } lo = { 2 }; { int k = 2; k; } int arr2[] = { 1, 2 };',
    '[int k = 1, int *q = (& k)]; [static int z = 5]; [int x2]; [typedef int T]; [T t2 = k]; [struct L{T m@0} size 4 align 4, struct L lo = {0: 2}]; { [int k = 2]; k; } [int arr2[2] = {0: 1, 4: 2}];',
  ],
  [
    '_Analysis_assume_(i > 3); __assume(0); __debugbreak(); __annotation(L"x"); __noop(1, 2); _ReturnAddress(); __builtin_expect(i, 1);',
    '(_Analysis_assume_ (> i 3)); (__assume 0); (__debugbreak); (__annotation (decay L"x")); (__noop 1 2); (_ReturnAddress); (__builtin_expect (to long i) (to long 1));',
  ],
  [
    '({ int k = 3; k + 1; }); ({ g(); }); (int[]){ 1, 2 }; (struct S){ .b = 2 }.b; &(int){ 3 };',
    '({ [int k = 3]; (+ k 1); }); ({ (call (decay g)); }); (literal int[2] {0: 1, 4: 2}); (. (literal struct S {4: (to char 2)}) b@4); (& (literal int {0: 3}));',
  ],
  [
    'const int ci = 2; i = ci + 1; i = -ci; ps->a = i == 1 == 2; i = (1, 2); pi = &a[2]; pi == 0; pv == pi; pi < pi + 1;',
    '[const int ci = 2]; (= i (+ ci 1)); (= i (- ci)); (= (-> ps a@0) (== (== i 1) 2)); (= i (, 1 2)); (= pi (& ([] (decay a) (to long long 2)))); (== pi (to int * 0)); (== pv (to void * pi)); (< pi (+ pi (to long long 1)));',
  ],
  [
    'E1 + 1; e + E1; sizeof(enum E); sizeof e; e == E1; !e; e++;',
    '(+ E1 1); (+ (to int e) E1); sizeof(enum E)=4; sizeof(enum E)=4; (== (to int e) E1); (! e); (e ++);',
  ],
  [
    'typeof(i) ti = 1; __typeof__(ps->next) tn; _Static_assert(1, ""); __func__; __FUNCTION__ ": x"; "a" "b"; L"a" "b"; u8"x";',
    '[int ti = 1]; [struct S *tn]; [static-assert]; "test"; "test: x"; "ab"; L"ab"; "x";',
  ],
  [
    'unsigned char uc = 255; uc + 1; (short)uc; i = uc; uc = ~uc; uc <<= 1; i = i / 2 * 3 % 4; i = i | 1 ^ 2 & 3; i = 1 << 2 + 3;',
    '[unsigned char uc = (to unsigned char 255)]; (+ (to int uc) 1); (cast short uc); (= i (to int uc)); (= uc (to unsigned char (~ (to int uc)))); (<<= uc 1 as int); (= i (% (* (/ i 2) 3) 4)); (= i (| i (^ 1 (& 2 3)))); (= i (<< 1 (+ 2 3)));',
  ],
  [
    '*pi++; (*pi)++; *++pi; &*pi; -i++; !i == 0; i---j; sizeof(int)*2; (int)*pi; (c)-1; (int)-1;',
    '(* (pi ++)); ((* pi) ++); (* (++ pi)); (& (* pi)); (- (i ++)); (== (! i) 0); (- (i --) j); (* sizeof(int)=4 (to unsigned long long 2)); (cast int (* pi)); (- (to int c) 1); (cast int (- 1));',
  ],
];

for (const [source, expected] of cases) {
  test(source, () => assert.equal(dumpBody(source), expected));
}
