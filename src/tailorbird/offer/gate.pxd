# Types for the compiled gate (docs/why/123); what it does stands in gate.py.

cimport cython


cdef class Gate:
    cdef readonly object placement, excluded, hidden
    cdef readonly object now
    cdef readonly bint may_be_personal
    cdef readonly dict refused

    cpdef refusal(self, item, personal)

    @cython.locals(
        place=Py_ssize_t, most=Py_ssize_t, taken=Py_ssize_t, room=dict, chosen=list, unwanted=set, always=bytearray,
        all_alike=bint,
    )
    cpdef list first(self, list rows, object personal, list categories, object shelf, Py_ssize_t limit)
