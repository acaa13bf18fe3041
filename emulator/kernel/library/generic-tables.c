/*
 * RTL_GENERIC_TABLE: a splay tree in the order of the driver's compare routine, and a list in the order of insertion.
 *
 * A node is RTL_SPLAY_LINKS, the LIST_ENTRY of the insertion order, then the caller's bytes. The driver's allocate
 * routine is asked for all three together.
 */
#include <ntddk.h>

typedef struct _TABLE_NODE {
  RTL_SPLAY_LINKS Links;
  LIST_ENTRY Order;
  LONGLONG Element;
} TABLE_NODE, *PTABLE_NODE;

#define HEADER_SIZE FIELD_OFFSET(TABLE_NODE, Element)
#define NODE_OF(Node) CONTAINING_RECORD(Node, TABLE_NODE, Links)
#define ELEMENT_OF(Node) ((PVOID)&NODE_OF(Node)->Element)

VOID RtlInitializeGenericTable(PRTL_GENERIC_TABLE Table, PRTL_GENERIC_COMPARE_ROUTINE CompareRoutine,
                               PRTL_GENERIC_ALLOCATE_ROUTINE AllocateRoutine, PRTL_GENERIC_FREE_ROUTINE FreeRoutine,
                               PVOID TableContext) {
  Table->TableRoot = NULL;
  InitializeListHead(&Table->InsertOrderList);
  Table->OrderedPointer = &Table->InsertOrderList;
  Table->WhichOrderedElement = 0;
  Table->NumberGenericTableElements = 0;
  Table->CompareRoutine = CompareRoutine;
  Table->AllocateRoutine = AllocateRoutine;
  Table->FreeRoutine = FreeRoutine;
  Table->TableContext = TableContext;
}

/* Puts Child where Old hangs below its parent; the parent of a root is the root itself. */
static VOID ReplaceChild(PRTL_SPLAY_LINKS Old, PRTL_SPLAY_LINKS Child) {
  if (Old->Parent == Old) {
    Child->Parent = Child;
    return;
  }
  if (Old->Parent->LeftChild == Old) {
    Old->Parent->LeftChild = Child;
  } else {
    Old->Parent->RightChild = Child;
  }
  if (Child != NULL) Child->Parent = Old->Parent;
}

/* Lifts Links over its parent. */
static VOID Rotate(PRTL_SPLAY_LINKS Links) {
  PRTL_SPLAY_LINKS Parent = Links->Parent;
  PRTL_SPLAY_LINKS Inner;
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

PRTL_SPLAY_LINKS RtlSplay(PRTL_SPLAY_LINKS Links) {
  while (Links->Parent != Links) {
    PRTL_SPLAY_LINKS Parent = Links->Parent;
    if (Parent->Parent != Parent) {
      BOOLEAN IsStraight = (Parent->LeftChild == Links) == (Parent->Parent->LeftChild == Parent);
      Rotate(IsStraight ? Parent : Links);
    }
    Rotate(Links);
  }
  return Links;
}

PRTL_SPLAY_LINKS RtlSubtreePredecessor(PRTL_SPLAY_LINKS Links) {
  PRTL_SPLAY_LINKS At = Links->LeftChild;
  while (At != NULL && At->RightChild != NULL) At = At->RightChild;
  return At;
}

PRTL_SPLAY_LINKS RtlSubtreeSuccessor(PRTL_SPLAY_LINKS Links) {
  PRTL_SPLAY_LINKS At = Links->RightChild;
  while (At != NULL && At->LeftChild != NULL) At = At->LeftChild;
  return At;
}

PRTL_SPLAY_LINKS RtlRealSuccessor(PRTL_SPLAY_LINKS Links) {
  if (Links->RightChild != NULL) return RtlSubtreeSuccessor(Links);
  while (Links->Parent != Links && Links->Parent->RightChild == Links) Links = Links->Parent;
  return Links->Parent == Links ? NULL : Links->Parent;
}

PRTL_SPLAY_LINKS RtlRealPredecessor(PRTL_SPLAY_LINKS Links) {
  if (Links->LeftChild != NULL) return RtlSubtreePredecessor(Links);
  while (Links->Parent != Links && Links->Parent->LeftChild == Links) Links = Links->Parent;
  return Links->Parent == Links ? NULL : Links->Parent;
}

PRTL_SPLAY_LINKS RtlDelete(PRTL_SPLAY_LINKS Links) {
  PRTL_SPLAY_LINKS Root = RtlSplay(Links);
  PRTL_SPLAY_LINKS Left = Root->LeftChild;
  PRTL_SPLAY_LINKS Right = Root->RightChild;
  if (Left == NULL) {
    if (Right != NULL) Right->Parent = Right;
    return Right;
  }
  Left->Parent = Left;
  if (Right == NULL) return Left;
  while (Left->RightChild != NULL) Left = Left->RightChild;
  Left = RtlSplay(Left);
  Left->RightChild = Right;
  Right->Parent = Left;
  return Left;
}

/* The node that equals Buffer, or the one below which it belongs; NULL in an empty table. */
static PRTL_SPLAY_LINKS Search(PRTL_GENERIC_TABLE Table, PVOID Buffer, TABLE_SEARCH_RESULT *Result) {
  PRTL_SPLAY_LINKS At = Table->TableRoot;
  *Result = TableEmptyTree;
  while (At != NULL) {
    RTL_GENERIC_COMPARE_RESULTS Order = Table->CompareRoutine(Table, Buffer, ELEMENT_OF(At));
    PRTL_SPLAY_LINKS Next;
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

PVOID RtlInsertElementGenericTableFull(PRTL_GENERIC_TABLE Table, PVOID Buffer, CLONG BufferSize, PBOOLEAN NewElement,
                                       PVOID NodeOrParent, TABLE_SEARCH_RESULT SearchResult) {
  PRTL_SPLAY_LINKS Parent = NodeOrParent;
  PTABLE_NODE Node;
  if (NewElement != NULL) *NewElement = SearchResult != TableFoundNode;
  if (SearchResult == TableFoundNode) {
    Table->TableRoot = RtlSplay(Parent);
    return ELEMENT_OF(Parent);
  }
  Node = Table->AllocateRoutine(Table, HEADER_SIZE + BufferSize);
  if (Node == NULL) {
    if (NewElement != NULL) *NewElement = FALSE;
    return NULL;
  }
  Node->Links.LeftChild = NULL;
  Node->Links.RightChild = NULL;
  Node->Links.Parent = SearchResult == TableEmptyTree ? &Node->Links : Parent;
  if (SearchResult == TableInsertAsLeft) Parent->LeftChild = &Node->Links;
  if (SearchResult == TableInsertAsRight) Parent->RightChild = &Node->Links;
  InsertTailList(&Table->InsertOrderList, &Node->Order);
  Table->NumberGenericTableElements++;
  RtlCopyMemory(&Node->Element, Buffer, BufferSize);
  Table->TableRoot = RtlSplay(&Node->Links);
  return &Node->Element;
}

PVOID RtlInsertElementGenericTable(PRTL_GENERIC_TABLE Table, PVOID Buffer, CLONG BufferSize, PBOOLEAN NewElement) {
  TABLE_SEARCH_RESULT Result;
  PRTL_SPLAY_LINKS At = Search(Table, Buffer, &Result);
  return RtlInsertElementGenericTableFull(Table, Buffer, BufferSize, NewElement, At, Result);
}

PVOID RtlLookupElementGenericTableFull(PRTL_GENERIC_TABLE Table, PVOID Buffer, PVOID *NodeOrParent,
                                       TABLE_SEARCH_RESULT *SearchResult) {
  PRTL_SPLAY_LINKS At = Search(Table, Buffer, SearchResult);
  *NodeOrParent = At;
  if (At != NULL) Table->TableRoot = RtlSplay(At);
  return *SearchResult == TableFoundNode ? ELEMENT_OF(At) : NULL;
}

PVOID RtlLookupElementGenericTable(PRTL_GENERIC_TABLE Table, PVOID Buffer) {
  PVOID NodeOrParent;
  TABLE_SEARCH_RESULT Result;
  return RtlLookupElementGenericTableFull(Table, Buffer, &NodeOrParent, &Result);
}

BOOLEAN RtlDeleteElementGenericTable(PRTL_GENERIC_TABLE Table, PVOID Buffer) {
  TABLE_SEARCH_RESULT Result;
  PRTL_SPLAY_LINKS At = Search(Table, Buffer, &Result);
  if (Result != TableFoundNode) return FALSE;
  Table->TableRoot = RtlDelete(At);
  RemoveEntryList(&NODE_OF(At)->Order);
  Table->NumberGenericTableElements--;
  Table->WhichOrderedElement = 0;
  Table->OrderedPointer = &Table->InsertOrderList;
  Table->FreeRoutine(Table, NODE_OF(At));
  return TRUE;
}

/* The first element when *RestartKey is NULL, else the one after it. */
PVOID RtlEnumerateGenericTableWithoutSplaying(PRTL_GENERIC_TABLE Table, PVOID *RestartKey) {
  PRTL_SPLAY_LINKS At = *RestartKey;
  if (At != NULL) {
    At = RtlRealSuccessor(At);
  } else {
    At = Table->TableRoot;
    while (At != NULL && At->LeftChild != NULL) At = At->LeftChild;
  }
  if (At == NULL) return NULL;
  *RestartKey = At;
  return ELEMENT_OF(At);
}

/* The element given last is the root: every enumeration splays. */
PVOID RtlEnumerateGenericTable(PRTL_GENERIC_TABLE Table, BOOLEAN Restart) {
  PVOID Key = Restart ? NULL : Table->TableRoot;
  PVOID Element;
  if (Table->TableRoot == NULL) return NULL;
  Element = RtlEnumerateGenericTableWithoutSplaying(Table, &Key);
  if (Element != NULL) Table->TableRoot = RtlSplay(Key);
  return Element;
}

/* By order of insertion. The place of the last answer is kept, for loops over all of them. */
PVOID RtlGetElementGenericTable(PRTL_GENERIC_TABLE Table, ULONG I) {
  if (I >= Table->NumberGenericTableElements) return NULL;
  if (Table->WhichOrderedElement == 0 || I + 1 < Table->WhichOrderedElement) {
    Table->OrderedPointer = Table->InsertOrderList.Flink;
    Table->WhichOrderedElement = 1;
  }
  while (Table->WhichOrderedElement < I + 1) {
    Table->OrderedPointer = Table->OrderedPointer->Flink;
    Table->WhichOrderedElement++;
  }
  return &CONTAINING_RECORD(Table->OrderedPointer, TABLE_NODE, Order)->Element;
}

ULONG RtlNumberGenericTableElements(PRTL_GENERIC_TABLE Table) { return Table->NumberGenericTableElements; }

BOOLEAN RtlIsGenericTableEmpty(PRTL_GENERIC_TABLE Table) { return Table->TableRoot == NULL; }
