/*
 * RTL_AVL_TABLE: an AVL tree in the order of the driver's compare routine.
 *
 * BalancedRoot is a sentinel: the tree is its right child. A node is RTL_BALANCED_LINKS and the caller's bytes behind
 * it. Balance is the height of the right subtree less that of the left one: -1, 0 or 1.
 */
#include <ntddk.h>

typedef struct _TABLE_NODE {
  RTL_BALANCED_LINKS Links;
  LONGLONG Element;
} TABLE_NODE, *PTABLE_NODE;

#define HEADER_SIZE FIELD_OFFSET(TABLE_NODE, Element)
#define ELEMENT_OF(Node) ((PVOID)&CONTAINING_RECORD(Node, TABLE_NODE, Links)->Element)

VOID RtlInitializeGenericTableAvl(PRTL_AVL_TABLE Table, PRTL_AVL_COMPARE_ROUTINE CompareRoutine,
                                  PRTL_AVL_ALLOCATE_ROUTINE AllocateRoutine, PRTL_AVL_FREE_ROUTINE FreeRoutine,
                                  PVOID TableContext) {
  RtlZeroMemory(Table, sizeof(*Table));
  Table->BalancedRoot.Parent = &Table->BalancedRoot;
  Table->CompareRoutine = CompareRoutine;
  Table->AllocateRoutine = AllocateRoutine;
  Table->FreeRoutine = FreeRoutine;
  Table->TableContext = TableContext;
}

static VOID ReplaceChild(PRTL_BALANCED_LINKS Old, PRTL_BALANCED_LINKS Child) {
  if (Old->Parent->LeftChild == Old) {
    Old->Parent->LeftChild = Child;
  } else {
    Old->Parent->RightChild = Child;
  }
  if (Child != NULL) Child->Parent = Old->Parent;
}

/* Lifts Links over its parent; the balances are the caller's. */
static VOID Rotate(PRTL_BALANCED_LINKS Links) {
  PRTL_BALANCED_LINKS Parent = Links->Parent;
  PRTL_BALANCED_LINKS Inner;
  ReplaceChild(Parent, Links);
  if (Parent->LeftChild == Links) {
    Inner = Links->RightChild;
    Parent->LeftChild = Inner;
    Links->RightChild = Parent;
  } else {
    Inner = Links->LeftChild;
    Parent->RightChild = Inner;
    Links->LeftChild = Parent;
  }
  if (Inner != NULL) Inner->Parent = Parent;
  Parent->Parent = Links;
}

/* Links leans by two towards Side (-1 or 1). Returns TRUE when the subtree has become lower. */
static BOOLEAN Rebalance(PRTL_BALANCED_LINKS Links, CHAR Side) {
  PRTL_BALANCED_LINKS Heavy = Side > 0 ? Links->RightChild : Links->LeftChild;
  PRTL_BALANCED_LINKS Inner;
  if (Heavy->Balance == Side) {
    Rotate(Heavy);
    Heavy->Balance = 0;
    Links->Balance = 0;
    return TRUE;
  }
  if (Heavy->Balance == 0) {
    Rotate(Heavy);
    Heavy->Balance = -Side;
    Links->Balance = Side;
    return FALSE;
  }
  Inner = Side > 0 ? Heavy->LeftChild : Heavy->RightChild;
  Rotate(Inner);
  Rotate(Inner);
  Links->Balance = Inner->Balance == Side ? -Side : 0;
  Heavy->Balance = Inner->Balance == -Side ? Side : 0;
  Inner->Balance = 0;
  return TRUE;
}

static PRTL_BALANCED_LINKS Search(PRTL_AVL_TABLE Table, PVOID Buffer, TABLE_SEARCH_RESULT *Result) {
  PRTL_BALANCED_LINKS At = Table->BalancedRoot.RightChild;
  *Result = TableEmptyTree;
  while (At != NULL) {
    RTL_GENERIC_COMPARE_RESULTS Order = Table->CompareRoutine(Table, Buffer, ELEMENT_OF(At));
    PRTL_BALANCED_LINKS Next;
    if (Order == GenericEqual) {
      *Result = TableFoundNode;
      return At;
    }
    *Result = Order == GenericLessThan ? TableInsertAsLeft : TableInsertAsRight;
    Next = Order == GenericLessThan ? At->LeftChild : At->RightChild;
    if (Next == NULL) break;
    At = Next;
  }
  return At;
}

PVOID RtlInsertElementGenericTableFullAvl(PRTL_AVL_TABLE Table, PVOID Buffer, CLONG BufferSize, PBOOLEAN NewElement,
                                          PVOID NodeOrParent, TABLE_SEARCH_RESULT SearchResult) {
  PRTL_BALANCED_LINKS Parent = NodeOrParent;
  PRTL_BALANCED_LINKS At;
  PTABLE_NODE Node;
  if (NewElement != NULL) *NewElement = SearchResult != TableFoundNode;
  if (SearchResult == TableFoundNode) return ELEMENT_OF(Parent);
  Node = Table->AllocateRoutine(Table, HEADER_SIZE + BufferSize);
  if (Node == NULL) {
    if (NewElement != NULL) *NewElement = FALSE;
    return NULL;
  }
  RtlZeroMemory(&Node->Links, sizeof(Node->Links));
  if (SearchResult == TableEmptyTree) Parent = &Table->BalancedRoot;
  Node->Links.Parent = Parent;
  if (SearchResult == TableInsertAsLeft) {
    Parent->LeftChild = &Node->Links;
  } else {
    Parent->RightChild = &Node->Links;
  }
  RtlCopyMemory(&Node->Element, Buffer, BufferSize);
  Table->NumberGenericTableElements++;
  Table->OrderedPointer = NULL;
  /* Upwards: a subtree that has become higher tips its parent; at the sentinel the whole tree has. */
  At = &Node->Links;
  for (;;) {
    CHAR Side = At->Parent->LeftChild == At ? -1 : 1;
    At = At->Parent;
    if (At == &Table->BalancedRoot) {
      Table->DepthOfTree++;
      break;
    }
    if (At->Balance == Side) {
      Rebalance(At, Side);
      break;
    }
    At->Balance += Side;
    if (At->Balance == 0) break;
  }
  return &Node->Element;
}

PVOID RtlInsertElementGenericTableAvl(PRTL_AVL_TABLE Table, PVOID Buffer, CLONG BufferSize, PBOOLEAN NewElement) {
  TABLE_SEARCH_RESULT Result;
  PRTL_BALANCED_LINKS At = Search(Table, Buffer, &Result);
  return RtlInsertElementGenericTableFullAvl(Table, Buffer, BufferSize, NewElement, At, Result);
}

PVOID RtlLookupElementGenericTableFullAvl(PRTL_AVL_TABLE Table, PVOID Buffer, PVOID *NodeOrParent,
                                          TABLE_SEARCH_RESULT *SearchResult) {
  PRTL_BALANCED_LINKS At = Search(Table, Buffer, SearchResult);
  *NodeOrParent = At;
  return *SearchResult == TableFoundNode ? ELEMENT_OF(At) : NULL;
}

PVOID RtlLookupElementGenericTableAvl(PRTL_AVL_TABLE Table, PVOID Buffer) {
  PVOID NodeOrParent;
  TABLE_SEARCH_RESULT Result;
  return RtlLookupElementGenericTableFullAvl(Table, Buffer, &NodeOrParent, &Result);
}

/* In order; the sentinel, whose right child the tree is, ends the way upwards. */
static PRTL_BALANCED_LINKS Successor(PRTL_AVL_TABLE Table, PRTL_BALANCED_LINKS Links) {
  if (Links->RightChild != NULL) {
    Links = Links->RightChild;
    while (Links->LeftChild != NULL) Links = Links->LeftChild;
    return Links;
  }
  while (Links->Parent != &Table->BalancedRoot && Links->Parent->RightChild == Links) Links = Links->Parent;
  return Links->Parent == &Table->BalancedRoot ? NULL : Links->Parent;
}

static PRTL_BALANCED_LINKS First(PRTL_AVL_TABLE Table) {
  PRTL_BALANCED_LINKS At = Table->BalancedRoot.RightChild;
  while (At != NULL && At->LeftChild != NULL) At = At->LeftChild;
  return At;
}

/* Two nodes that are not equal change places in the tree; Lower is the successor of Upper. */
static VOID TakePlace(PRTL_BALANCED_LINKS Upper, PRTL_BALANCED_LINKS Lower) {
  RTL_BALANCED_LINKS Was = *Lower;
  ReplaceChild(Upper, Lower);
  Lower->Balance = Upper->Balance;
  Lower->LeftChild = Upper->LeftChild;
  Lower->LeftChild->Parent = Lower;
  if (Was.Parent == Upper) {
    Lower->RightChild = Upper;
    Upper->Parent = Lower;
  } else {
    Lower->RightChild = Upper->RightChild;
    Lower->RightChild->Parent = Lower;
    Was.Parent->LeftChild = Upper;
    Upper->Parent = Was.Parent;
  }
  Upper->Balance = Was.Balance;
  Upper->LeftChild = NULL;
  Upper->RightChild = Was.RightChild;
  if (Upper->RightChild != NULL) Upper->RightChild->Parent = Upper;
}

BOOLEAN RtlDeleteElementGenericTableAvl(PRTL_AVL_TABLE Table, PVOID Buffer) {
  TABLE_SEARCH_RESULT Result;
  PRTL_BALANCED_LINKS Node = Search(Table, Buffer, &Result);
  PRTL_BALANCED_LINKS Parent;
  CHAR Side;
  if (Result != TableFoundNode) return FALSE;
  if (Node->LeftChild != NULL && Node->RightChild != NULL) TakePlace(Node, Successor(Table, Node));
  Parent = Node->Parent;
  Side = Parent->LeftChild == Node ? -1 : 1;
  ReplaceChild(Node, Node->LeftChild != NULL ? Node->LeftChild : Node->RightChild);
  /* Upwards: the subtree on Side has become lower. */
  while (Parent != &Table->BalancedRoot) {
    PRTL_BALANCED_LINKS Subtree = Parent;
    if (Parent->Balance == 0) {
      Parent->Balance = -Side;
      break;
    }
    if (Parent->Balance == Side) {
      Parent->Balance = 0;
    } else if (!Rebalance(Parent, -Side)) {
      break;
    } else {
      Subtree = Parent->Parent;
    }
    Parent = Subtree->Parent;
    Side = Parent->LeftChild == Subtree ? -1 : 1;
  }
  if (Parent == &Table->BalancedRoot) Table->DepthOfTree--;
  Table->NumberGenericTableElements--;
  Table->DeleteCount++;
  Table->OrderedPointer = NULL;
  if (Table->RestartKey == Node) Table->RestartKey = NULL;
  Table->FreeRoutine(Table, CONTAINING_RECORD(Node, TABLE_NODE, Links));
  return TRUE;
}

PVOID RtlEnumerateGenericTableWithoutSplayingAvl(PRTL_AVL_TABLE Table, PVOID *RestartKey) {
  PRTL_BALANCED_LINKS At = *RestartKey == NULL ? First(Table) : Successor(Table, *RestartKey);
  if (At == NULL) return NULL;
  *RestartKey = At;
  return ELEMENT_OF(At);
}

PVOID RtlEnumerateGenericTableAvl(PRTL_AVL_TABLE Table, BOOLEAN Restart) {
  PVOID Key = Restart ? NULL : Table->RestartKey;
  PVOID Element = RtlEnumerateGenericTableWithoutSplayingAvl(Table, &Key);
  Table->RestartKey = Key;
  return Element;
}

PVOID RtlGetElementGenericTableAvl(PRTL_AVL_TABLE Table, ULONG I) {
  PRTL_BALANCED_LINKS At;
  if (I >= Table->NumberGenericTableElements) return NULL;
  if (Table->OrderedPointer == NULL || I + 1 < Table->WhichOrderedElement) {
    Table->OrderedPointer = First(Table);
    Table->WhichOrderedElement = 1;
  }
  At = Table->OrderedPointer;
  for (; Table->WhichOrderedElement < I + 1; Table->WhichOrderedElement++) At = Successor(Table, At);
  Table->OrderedPointer = At;
  return ELEMENT_OF(At);
}

ULONG RtlNumberGenericTableElementsAvl(PRTL_AVL_TABLE Table) { return Table->NumberGenericTableElements; }

BOOLEAN RtlIsGenericTableEmptyAvl(PRTL_AVL_TABLE Table) { return Table->NumberGenericTableElements == 0; }
