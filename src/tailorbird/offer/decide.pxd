# Types for compiled decisions (docs/why/123); what they do stands in decide.py.

from tailorbird.offer.gate cimport Gate


cdef class _Call:
    cdef object request, joint, person, why, history, excluded, now
    cdef bint may_use_visit

    cdef decision(self, placement, decision_id)
    cdef _plainly(self, ask, Gate gate, Py_ssize_t limit, decision_id)
    cdef _made(self, ask, list choices, link, Py_ssize_t limit, decision_id, steps=*)
    cdef _popularity(self, placement)
    cdef Gate _gate(self, placement)
    cdef _hidden(self, what, person)
    cdef _cart(self, person)
    cdef _why(self, placement, list choices, Py_ssize_t limit)


cdef _link_of(tuple found, list places, list choices)
