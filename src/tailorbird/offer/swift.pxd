# Types for the compiled page (docs/why/123); what it does stands in swift.py.

cimport cython

from tailorbird.offer.gate cimport Gate


@cython.locals(rows=list, places=list)
cpdef swift(object ask, Gate gate, Py_ssize_t limit, tuple found)

@cython.locals(
    ids=list, said=list, names=list, cards=list, end=Py_ssize_t, scores=list, tells=list, also=list, tells_of=list,
    also_of=list, choices=list, told=list, place=Py_ssize_t, row=Py_ssize_t, one=Py_ssize_t, other=Py_ssize_t,
)
cdef list _choices(object ask, tuple found, list rows, list places)
